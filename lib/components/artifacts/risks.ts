import { isPlainOutside } from '../shared/risks/addresses';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Artifacts } from './resolve';

/** What connections to the artifact store open. */
export const artifactsRisks = ({ artifacts: { s3 } }: { readonly artifacts: Artifacts }): Risk[] =>
  appliedRisks([
    {
      path: ['artifacts', 's3', 'endpoint'],
      risk: 'plain-connections',
      applies: isPlainOutside(s3.endpoint),
      what: `is ${s3.endpoint}, outside the cluster and without TLS, so artifacts can be read and changed on the way`,
      fix: 'use https',
    },
  ]);
