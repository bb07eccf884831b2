import { isMetadataAddress } from '../../shared/contributions/metadata-services';
import { isPlainOutside } from '../../shared/risks/addresses';
import type { RiskCheck } from '../../shared/risks/risk';
import { stsRisk } from '../../shared/risks/sts';
import type { S3 } from './resolve';

/** What connections to the bucket open. */
export const s3Risks = ({ endpoint, identity }: S3): RiskCheck[] => [
  {
    path: ['artifacts', 's3', 'endpoint'],
    risk: 'plain-connections',
    applies: isPlainOutside(endpoint),
    what: `is ${endpoint}, outside the cluster and without TLS, so artifacts can be read and changed on the way`,
    fix: 'use https',
  },
  stsRisk(['artifacts', 's3'], identity),
  {
    path: ['artifacts', 's3', 'endpoint'],
    risk: 'open-network',
    applies: endpoint !== undefined && isMetadataAddress(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')),
    what: `is ${endpoint}, where clouds have metadata services with credentials of the node`,
    fix: 'name the store',
  },
];
