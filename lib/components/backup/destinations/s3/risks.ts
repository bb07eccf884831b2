import { isPlainOutside } from '../../../shared/risks/addresses';
import type { RiskCheck } from '../../../shared/risks/risk';
import { stsRisk } from '../../../shared/risks/sts';
import { DESTINATION } from '../resolve';
import type { BackupBucket } from './resolve';

/** What connections to the bucket open. */
export const s3Risks = ({ endpoint, identity }: BackupBucket): RiskCheck[] => [
  stsRisk([...DESTINATION, 's3'], identity),
  {
    path: [...DESTINATION, 's3', 'endpoint'],
    risk: 'plain-connections',
    applies: isPlainOutside(endpoint),
    what: `is ${endpoint}, outside the cluster and without TLS, so backups can be read on the way`,
    fix: 'use https',
  },
];
