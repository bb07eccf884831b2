import { isMetadataAddress } from '../shared/contributions/metadata-services';
import { isPlainOutside } from '../shared/risks/addresses';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Artifacts } from './resolve';

/** What connections to the artifact store open, and its image. */
export const artifactsRisks = ({ artifacts: { s3, embedded } }: { readonly artifacts: Artifacts }): Risk[] =>
  appliedRisks([
    imageRisk(['artifacts', 'embedded', 'image'], embedded?.image),
    {
      path: ['artifacts', 's3', 'endpoint'],
      risk: 'plain-connections',
      applies: isPlainOutside(s3.endpoint),
      what: `is ${s3.endpoint}, outside the cluster and without TLS, so artifacts can be read and changed on the way`,
      fix: 'use https',
    },
    {
      path: ['artifacts', 's3', 'endpoint'],
      risk: 'open-network',
      applies: s3.endpoint !== undefined && isMetadataAddress(new URL(s3.endpoint).hostname.replace(/^\[|\]$/g, '')),
      what: `is ${s3.endpoint}, where clouds have metadata services with credentials of the node`,
      fix: 'name the store',
    },
  ]);
