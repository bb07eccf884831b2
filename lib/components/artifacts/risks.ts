import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Artifacts } from './resolve';
import { s3Risks } from './s3/risks';

/** What connections to the artifact store open, and its image. */
export const artifactsRisks = ({ artifacts: { s3, embedded } }: { readonly artifacts: Artifacts }): Risk[] =>
  appliedRisks([imageRisk(['artifacts', 'embedded', 'image'], embedded?.image), ...(s3 ? s3Risks(s3) : [])]);
