import { type Issue, violatedChecks } from '../../input/issue';
import type { Artifacts } from '../artifacts/resolve';
import { artifactStore } from '../artifacts/stores';
import type { Database } from '../database/resolve';
import { overlap } from '../shared/object-folder';
import { backupDestination } from './destinations/destinations';
import type { Backup } from './resolve';

/** The sections that a backup is compared with. */
export interface BackedUpSections {
  readonly backup?: Backup;
  readonly artifacts: Artifacts;
  readonly database: Database;
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
}

/** A backup at the same location as what it copies. */
export function backupIssues({ backup, artifacts, database, namespace, clusterDomain }: BackedUpSections): Issue[] {
  if (!backup) return [];
  const { claim } = backup.destination;
  const destination = backupDestination(backup.destination);
  const { bucketKey = 'bucket' } = destination;
  const store = artifactStore(artifacts);
  const surroundings = { namespace: namespace.name, clusterDomain };
  const stores = [database.embedded?.claim, artifacts.embedded?.claim].map((store) => store?.name);
  const { volume } = artifacts;
  const here = destination.identity?.issuer;
  const there = store.identity?.issuer;
  return violatedChecks([
    {
      path: ['artifacts', 'volume', 'accessMode'],
      dependsOn: [['backup', 'artifacts']],
      violated: backup.artifacts && volume?.accessMode === 'ReadWriteOncePod',
      message:
        'is ReadWriteOncePod, so a backup cannot mount the volume while the server runs (use ReadWriteOnce, or remove backup.artifacts)',
    },
    {
      path: ['backup', 'destination', 'claim', 'name'],
      dependsOn: [['artifacts', 'volume']],
      violated: claim?.create === false && claim.name === volume?.name,
      message: `is ${claim?.name}, the claim of the artifacts: if the volume is lost, so is the backup (use another claim)`,
    },
    {
      path: [...destination.path, 'identity'],
      dependsOn: [['artifacts']],
      violated: backup.artifacts && here !== undefined && there !== undefined && here !== there,
      message: `gets its keys from ${here}, and the artifacts from ${there}, but a pod has one identity (use credentials for one of them)`,
    },
    {
      path: [...destination.path, bucketKey],
      violated: overlap(destination.folder?.(surroundings), store.folder?.(surroundings)),
      message: `is the ${bucketKey} of the artifacts, and one prefix contains the other, so backups and artifacts would mix (use another ${bucketKey}, or separate prefixes)`,
    },
    {
      path: ['backup', 'destination', 'claim', 'name'],
      violated: claim?.create === false && stores.includes(claim.name),
      message: `is ${claim?.name}, the claim of an embedded store: if the volume is lost, so is the backup (use another claim)`,
    },
  ]);
}
