import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Artifacts } from './resolve';
import { artifactStore } from './stores';

/** What connections to the artifact store open, and its image. */
export const artifactsRisks = ({ artifacts }: { readonly artifacts: Artifacts }): Risk[] =>
  appliedRisks([
    imageRisk(['artifacts', 'embedded', 'image'], artifacts.embedded?.image),
    ...(artifactStore(artifacts).risks?.() ?? []),
  ]);
