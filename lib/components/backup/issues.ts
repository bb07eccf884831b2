import { type Issue, violatedChecks } from '../../input/issue';
import type { Artifacts } from '../artifacts/resolve';
import type { Database } from '../database/resolve';
import type { Backup } from './resolve';
import { isSameStore } from './same-store';

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
  const { claim, s3, prefix } = backup.destination;
  const into = `${prefix}/`;
  const from = artifacts.s3?.prefix === undefined ? '' : `${artifacts.s3.prefix}/`;
  const sameBucket =
    s3 !== undefined &&
    s3.bucket === artifacts.s3?.bucket &&
    isSameStore(s3.endpoint, artifacts.s3.endpoint, { namespace: namespace.name, clusterDomain });
  const stores = [database.embedded?.claim, artifacts.embedded?.claim].map((store) => store?.name);
  const { volume } = artifacts;
  const here = s3?.identity?.irsa?.stsEndpoint;
  const there = artifacts.s3?.identity?.irsa?.stsEndpoint;
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
      path: ['backup', 'destination', 's3', 'identity'],
      dependsOn: [['artifacts']],
      violated:
        backup.artifacts && s3?.identity !== undefined && artifacts.s3?.identity !== undefined && here !== there,
      message: `gets its keys from ${here ?? 'AWS'}, and the artifacts from ${there ?? 'AWS'}, but a pod has one identity (use credentials for one of them)`,
    },
    {
      path: ['backup', 'destination', 's3', 'bucket'],
      violated: sameBucket && (into.startsWith(from) || from.startsWith(into)),
      message: `is the bucket of the artifacts, and one prefix contains the other, so backups and artifacts would mix (use another bucket, or separate prefixes)`,
    },
    {
      path: ['backup', 'destination', 'claim', 'name'],
      violated: claim?.create === false && stores.includes(claim.name),
      message: `is ${claim?.name}, the claim of an embedded store: if the volume is lost, so is the backup (use another claim)`,
    },
  ]);
}
