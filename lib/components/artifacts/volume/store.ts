import { ARTIFACTS_PATH, PREPARE } from '../../shared/constants';
import type { ArtifactStore } from '../store';
import type { ArtifactVolume } from './resolve';

/** Files on a volume. Garbage collection and clients reach them through the server. */
export function volumeStore({ prefix, create, ...claim }: ArtifactVolume): ArtifactStore {
  const root = `${ARTIFACTS_PATH}/${prefix}`;
  return {
    uri: root,
    // Not the folder itself: no location that a client may write names files of the server.
    collectedRoot: 'mlflow-artifacts:/',
    mlflow: { variables: [], files: [] },
    backup: { variables: [{ name: 'BACKUP_ARTIFACTS_FOLDER', value: root }], files: [] },
    prepareVariables: [{ name: `${PREPARE}ARTIFACTS_FOLDER`, value: root }],
    restoreVariables: [],
    clientVariables: {},
    secretKeys: [],
    provided: [],
    claims: [{ claim, path: ['artifacts', 'volume', 'name'], create, reuse: 'set create: false' }],
    volume: { claim, path: ARTIFACTS_PATH },
    destinations: [],
  };
}
