import type { Component } from '../component';
import { caReferences } from '../shared/ca-volumes';
import { egressTo, type NamingSections, storeEgress } from '../shared/contributions/destinations';
import { keysOf, type SecretKey } from '../shared/contributions/secret-keys';
import { settingTargets } from '../shared/pod-settings';
import { identityIn } from '../shared/s3-identity';

import { backupChecks } from './checks';
import { BACKUP_PROGRAMS, BackupJobs, RESTORE_PROGRAMS } from './construct';
import { backupIdentity } from './identity';
import { type BackedUpSections, backupIssues } from './issues';
import { backupAlerts, backupPanels, type ObservedBackup } from './observability';
import { type Backup, backupName, type GivenBackup, resolveBackup } from './resolve';
import { backupRisks, type ReachingSections } from './risks';
import { backup as section } from './section';
import { type BackupSections, ownVariables } from './variables';

type Resolved = BackupSections & BackedUpSections & ReachingSections & ObservedBackup & NamingSections;

/**
 * Of a backup: one that holds the locks, one to each database, and one of `pg_dump`. Of a restore: the locks, two of
 * `psql`, and one that asks how a transaction ended. The two never run at the same time.
 */
const CONNECTIONS = 4;

/** Scheduled copies of both databases and of the artifacts, and restores. */
export const backup = {
  sections: { backup: section.optional() },
  checks: backupChecks,
  resolve: resolveBackup,
  issues: backupIssues,
  risks: backupRisks,
  secretKeys,
  provided: (resolved) => caReferences(resolved.backup?.destination.s3?.tls.ca),
  claims: (resolved) => {
    const claim = resolved.backup?.destination.claim;
    return claim
      ? [{ claim, path: ['backup', 'destination', 'claim', 'name'], create: claim.create, reuse: 'set create: false' }]
      : [];
  },
  accounts: (resolved) => {
    const { name, backup: own } = resolved;
    const account = own && (backupIdentity(resolved, own)?.account ?? backupName(name));
    return account === backupName(name) ? [account] : [];
  },
  connections: (given) => (given.backup ? CONNECTIONS : 0),
  targets: (resolved) => {
    const s3 = resolved.backup?.destination.s3;
    if (!s3) return [];
    const login = (identityIn(s3)?.destinations ?? []).flatMap((each) => egressTo(each, resolved));
    return [{ name: 'backups', egress: [...storeEgress(s3.endpoint, resolved), ...login] }];
  },
  traffic: ({ name, backup: own }) => {
    if (!own) return [];
    const stores = [...(own.artifacts ? ['artifacts'] : []), ...(own.destination.s3 ? ['backups'] : [])];
    return [
      { role: 'backup', policy: backupName(name), uses: ['dns', 'database', ...stores, ...settingTargets('backup')] },
    ];
  },
  alerts: (resolved, { series }) => backupAlerts(resolved, series),
  panels: (resolved, { series }) => backupPanels(resolved, series),
  variables: (resolved) => (resolved.backup ? ownVariables(resolved, resolved.backup) : []),
  entryPoints: (resolved) => (resolved.backup ? [...BACKUP_PROGRAMS, ...RESTORE_PROGRAMS] : []),
  file: 'backup',
  create: (scope, id, resolved, { instance, programs }) => {
    const { backup: own } = resolved;
    if (own) new BackupJobs(scope, id, { instance, environment: resolved, backup: own, programs });
  },
} satisfies Component<GivenBackup, { readonly backup?: Backup }, Resolved>;

/** The keys of the bucket for backups; none if it uses those of the artifacts. */
function secretKeys({ backup: own, artifacts }: Resolved): SecretKey[] {
  const copies = own?.destination.s3?.credentials;
  const s3 = artifacts.s3?.credentials;
  if (!copies) return [];
  const isShared = s3 && (Object.keys(s3) as (keyof typeof s3)[]).every((name) => copies[name] === s3[name]);
  if (isShared) return [];
  const section = ['backup', 'destination', 's3', 'credentials'];
  return keysOf({ section, purpose: 'backup', secret: copies.secret, isOurs: false }, [
    ['accessKeyIdKey', copies.accessKeyIdKey, 's3-access-key-id', { random: 20 }],
    ['secretAccessKeyKey', copies.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }],
  ]);
}
