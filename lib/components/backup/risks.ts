import { runsPerDay } from '../../kubernetes/cron';
import { artifactStore } from '../artifacts/stores';
import { isSameBucket } from '../shared/object-folder';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Data } from '../storage/resolve';
import { backupDestination } from './destinations/destinations';
import { DESTINATION } from './destinations/resolve';
import { isInEmbeddedStore } from './embedded-store';
import type { BackedUpSections } from './issues';

/** The sections whose pods can reach what a backup is written to. */
export interface ReachingSections extends BackedUpSections {
  readonly storage: { readonly data?: Data };
}

/** Backups that are lost or readable together with what they copy. */
export function backupRisks(sections: ReachingSections): Risk[] {
  const { backup, artifacts, database, storage, namespace, clusterDomain } = sections;
  if (!backup) return [];
  const { claim } = backup.destination;
  const destination = backupDestination(backup.destination);
  const { bucketKey = 'bucket' } = destination;
  const store = artifactStore(artifacts);
  const surroundings = { namespace: namespace.name, clusterDomain };
  const [to, from] = [destination.folder?.(surroundings), store.folder?.(surroundings)];
  const isShared = isSameBucket(to, from);
  const { data } = storage;
  const { count, days } = backup.retention;
  const isBrief = count <= runsPerDay(backup.schedule);
  const { principal } = destination.identity ?? {};
  const secrets = store.secretKeys.map(({ secret }) => secret);
  return appliedRisks([
    // Without an image of its own it has that of the database, which is judged there.
    imageRisk(['backup', 'image'], backup.image === database.embedded?.image ? undefined : backup.image),
    {
      path: [...destination.path, bucketKey],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: isShared,
      what: `is the ${bucketKey} of the artifacts, so whatever deletes the artifacts can delete the backups`,
      fix: `use another ${bucketKey}`,
    },
    {
      path: [...destination.path, 'account'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: !isShared && from?.opensStore === true && to?.store === from.store,
      what: 'is the account of the artifacts, whose key opens every container, so the server can delete the backups',
      fix: 'use another account, or give the server a SAS or an identity',
    },
    {
      path: [...destination.path, 'endpoint'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: isInEmbeddedStore(sections) && !isShared,
      what: 'is the embedded store, so backups are lost with its volume',
      fix: 'use another store',
    },
    {
      path: [...destination.path, 'credentials', 'secret'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: !isShared && destination.secretKeys.some(({ secret }) => secrets.includes(secret)),
      what: 'is the Secret of the artifacts, so the server has a key that can read and delete the backups',
      fix: 'use a key of its own',
    },
    {
      path: [...destination.path, ...(principal?.path ?? [])],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: !isShared && principal !== undefined && principal.value === store.identity?.principal?.value,
      what: `is the ${principal?.kind} of the artifacts, so the server can read and delete the backups`,
      fix: `use a ${principal?.kind} of its own`,
    },
    ...(destination.risks?.() ?? []),
    {
      path: ['backup', 'retention', isBrief ? 'count' : 'days'],
      dependsOn: [['backup', 'schedule']],
      risk: 'early-deletion',
      applies: isBrief || days === 1,
      what: `is ${isBrief ? count : days}, so what a user or an attacker deletes is in no backup a day later`,
      fix: 'keep more',
    },
    {
      path: [...DESTINATION, 'claim', 'name'],
      dependsOn: [['storage', 'data']],
      risk: 'exposed-backups',
      applies: claim !== undefined && data?.mountPath !== undefined && claim.name === data.name,
      what: `is ${claim?.name}, which the server mounts at ${data?.mountPath}, so it can read and delete the backups`,
      fix: 'remove storage.data.mountPath, or use another claim',
    },
  ]);
}
