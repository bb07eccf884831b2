import type { Artifacts } from '../artifacts/resolve';
import { artifactStore } from '../artifacts/stores';
import { backupDestination } from './destinations/destinations';
import type { Backup } from './resolve';

/** The sections that say where backups are, and where artifacts. */
interface StoringSections {
  readonly backup?: Backup;
  readonly artifacts: Artifacts;
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
}

/** Whether backups are in the embedded store, however its endpoint is written. */
export function isInEmbeddedStore({ backup, artifacts, namespace, clusterDomain }: StoringSections): boolean {
  if (!backup || !artifacts.embedded) return false;
  const surroundings = { namespace: namespace.name, clusterDomain };
  const [here, there] = [backupDestination(backup.destination), artifactStore(artifacts)].map(
    ({ folder }) => folder?.(surroundings).store,
  );
  return here !== undefined && here === there;
}
