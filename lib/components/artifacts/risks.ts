import { gcsRisks } from '../shared/risks/gcs';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Artifacts } from './resolve';
import { s3Risks } from './s3/risks';

/** What connections to the artifact store open, and its image. */
export const artifactsRisks = ({ artifacts: { s3, gcs, embedded } }: { readonly artifacts: Artifacts }): Risk[] =>
  appliedRisks([
    imageRisk(['artifacts', 'embedded', 'image'], embedded?.image),
    ...(s3 ? s3Risks(s3) : []),
    ...(gcs ? gcsRisks(['artifacts', 'gcs'], gcs.endpoint, 'artifacts can be read and changed on the way') : []),
  ]);
