import { isPlainOutside } from '../shared/risks/addresses';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { Data } from '../storage/resolve';
import type { BackedUpSections } from './issues';

/** The sections whose pods can reach what a backup is written to. */
export interface ReachingSections extends BackedUpSections {
  readonly storage: { readonly data?: Data };
}

/** Backups that are lost or readable together with what they copy. */
export function backupRisks({ backup, artifacts, storage }: ReachingSections): Risk[] {
  if (!backup) return [];
  const { claim, s3 } = backup.destination;
  const { data } = storage;
  const { count, days } = backup.retention;
  const path = ['backup', 'destination'];
  const isSameStore = s3 !== undefined && s3.endpoint === artifacts.s3.endpoint;
  const isSameBucket = isSameStore && s3.bucket === artifacts.s3.bucket;
  return appliedRisks([
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
      applies: isSameStore && !isSameBucket && artifacts.embedded !== undefined,
      what: 'is the embedded store, so backups are lost with its volume',
      fix: 'use another store',
    },
    {
      path: [...path, 's3', 'credentials', 'secret'],
      dependsOn: [['artifacts']],
      risk: 'exposed-backups',
      applies: !isSameBucket && s3?.credentials.secret === artifacts.s3.credentials.secret,
      what: 'is the Secret of the artifacts, so the server has a key that can read and delete the backups',
      fix: 'use a key of its own',
    },
    {
      path: [...path, 's3', 'endpoint'],
      risk: 'plain-connections',
      applies: isPlainOutside(s3?.endpoint),
      what: `is ${s3?.endpoint}, outside the cluster and without TLS, so backups can be read on the way`,
      fix: 'use https',
    },
    {
      path: ['backup', 'retention', count === 1 ? 'count' : 'days'],
      risk: 'early-deletion',
      applies: count === 1 || days === 1,
      what: 'is 1, so what a user or an attacker deletes is in no backup a day later',
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
