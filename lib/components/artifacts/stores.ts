import { azureStore } from './azure/store';
import { embeddedStore } from './embedded/store';
import { gcsStore } from './gcs/store';
import type { Artifacts } from './resolve';
import { s3Store } from './s3/store';
import type { ArtifactStore } from './store';
import { volumeStore } from './volume/store';

/** The store of an environment's artifacts. */
export function artifactStore(artifacts: Artifacts): ArtifactStore {
  if (artifacts.volume) return volumeStore(artifacts.volume);
  if (artifacts.gcs) return gcsStore(artifacts.gcs);
  if (artifacts.azure) return azureStore(artifacts.azure);
  return artifacts.embedded ? embeddedStore(artifacts.s3, artifacts.embedded) : s3Store(artifacts.s3);
}
