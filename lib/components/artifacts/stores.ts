import { embeddedStore } from './embedded/store';
import type { Artifacts } from './resolve';
import { s3Store } from './s3/store';
import type { ArtifactStore } from './store';

/** The store of an environment's artifacts. */
export const artifactStore = ({ s3, embedded }: Artifacts): ArtifactStore =>
  embedded ? embeddedStore(s3, embedded) : s3Store(s3);
