import { runsPerDay } from '../../kubernetes/cron';
import { isPlainOutside } from '../shared/risks/addresses';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import { stsRisk } from '../shared/risks/sts';
import type { Data } from '../storage/resolve';
import type { BackedUpSections } from './issues';
import { isSameStore } from './same-store';

/** The sections whose pods can reach what a backup is written to. */
export interface ReachingSections extends BackedUpSections {
  readonly storage: { readonly data?: Data };
}

/** Backups that are lost or readable together with what they copy. */
export function backupRisks({
  backup,
  artifacts,
  database,
  storage,
  namespace,
  clusterDomain,
}: ReachingSections): Risk[] {
  if (!backup) return [];
  const { claim, s3 } = backup.destination;
  const { data } = storage;
  const { count, days } = backup.retention;
  const isBrief = count <= runsPerDay(backup.schedule);
  const path = ['backup', 'destination'];
  const role = s3?.identity?.irsa?.roleArn;
  const isInStore =
    s3 !== undefined &&
    artifacts.s3 !== undefined &&
    isSameStore(s3.endpoint, artifacts.s3.endpoint, { namespace: namespace.name, clusterDomain });
  const isSameBucket = isInStore && s3?.bucket === artifacts.s3?.bucket;
  return appliedRisks([
    // Without an image of its own it has that of the database, which is judged there.
    imageRisk(['backup', 'image'], backup.image === database.embedded?.image ? undefined : backup.image),
    {
      path: [...path, 's3', 'bucket'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: isSameBucket,
      what: 'is the bucket of the artifacts, so whatever deletes the artifacts can delete the backups',
      fix: 'use another bucket',
    },
    {
      path: [...path, 's3', 'endpoint'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: isInStore && !isSameBucket && artifacts.embedded !== undefined,
      what: 'is the embedded store, so backups are lost with its volume',
      fix: 'use another store',
    },
    {
      path: [...path, 's3', 'credentials', 'secret'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies:
        !isSameBucket && s3?.credentials !== undefined && s3.credentials.secret === artifacts.s3?.credentials?.secret,
      what: 'is the Secret of the artifacts, so the server has a key that can read and delete the backups',
      fix: 'use a key of its own',
    },
    {
      path: [...path, 's3', 'identity', 'irsa', 'roleArn'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: !isSameBucket && role !== undefined && role === artifacts.s3?.identity?.irsa?.roleArn,
      what: 'is the role of the artifacts, so the server can read and delete the backups',
      fix: 'use a role of its own',
    },
    stsRisk([...path, 's3'], s3?.identity),
    {
      path: [...path, 's3', 'endpoint'],
      risk: 'plain-connections',
      applies: isPlainOutside(s3?.endpoint),
      what: `is ${s3?.endpoint}, outside the cluster and without TLS, so backups can be read on the way`,
      fix: 'use https',
    },
    {
      path: ['backup', 'retention', isBrief ? 'count' : 'days'],
      dependsOn: [['backup', 'schedule']],
      risk: 'early-deletion',
      applies: isBrief || days === 1,
      what: `is ${isBrief ? count : days}, so what a user or an attacker deletes is in no backup a day later`,
      fix: 'keep more',
    },
    {
      path: [...path, 'claim', 'name'],
      dependsOn: [['storage', 'data']],
      risk: 'exposed-backups',
      applies: claim !== undefined && data?.mountPath !== undefined && claim.name === data.name,
      what: `is ${claim?.name}, which the server mounts at ${data?.mountPath}, so it can read and delete the backups`,
      fix: 'remove storage.data.mountPath, or use another claim',
    },
  ]);
}
