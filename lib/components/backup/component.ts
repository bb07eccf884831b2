import { embeddedStoreEgress } from '../artifacts/embedded/store';
import { artifactStore } from '../artifacts/stores';
import type { Component } from '../component';
import { type NamingSections, targetAt } from '../shared/contributions/destinations';
import type { SecretKey } from '../shared/contributions/secret-keys';
import { settingTargets } from '../shared/pod-settings';
import { endpointWarnings } from '../shared/sections/s3-endpoint';
import { backupChecks, type CheckedBackup } from './checks';
import { BACKUP_PROGRAMS, BackupJobs, RESTORE_PROGRAMS } from './construct';
import { backupDestination } from './destinations/destinations';
import { isInEmbeddedStore } from './embedded-store';
import { backupIdentity } from './identity';
import { type BackedUpSections, backupIssues } from './issues';
import { backupName, verificationName } from './names';
import { backupAlerts, backupPanels, type ObservedBackup } from './observability';
import { type Backup, type GivenBackup, resolveBackup } from './resolve';
import { backupRisks, type ReachingSections } from './risks';
import { backup as section } from './section';
import { type BackupSections, ownVariables } from './variables';
import { hasOwnAccount, VERIFICATION_PROGRAMS, VERIFICATION_ROLE, VerificationJob } from './verification/construct';
import { ownVerificationVariables } from './verification/variables';

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
  warnings: ({ backup: own }) =>
    own?.destination.s3 ? endpointWarnings(['backup', 'destination', 's3'], own.destination.s3) : [],
  risks: backupRisks,
  secretKeys,
  provided: ({ backup: own }) => (own ? backupDestination(own.destination).provided : []),
  claims: ({ backup: own }) => (own ? backupDestination(own.destination).claims : []),
  accounts: (resolved) => {
    const { name, backup: own } = resolved;
    if (!own) return [];
    const account = backupIdentity(resolved, own)?.account ?? backupName(name);
    return [
      ...(account === backupName(name) ? [account] : []),
      ...(own.verification && hasOwnAccount(own) ? [verificationName(name)] : []),
    ];
  },
  connections: (given) => (given.backup ? CONNECTIONS : 0),
  targets: (resolved) => {
    const { destinations } = resolved.backup ? backupDestination(resolved.backup.destination) : {};
    if (!destinations) return [];
    return [
      isInEmbeddedStore(resolved)
        ? { name: 'backups', egress: embeddedStoreEgress(resolved), role: 'object-store' }
        : targetAt('backups', destinations, resolved),
    ];
  },
  traffic: ({ name, backup: own }) => {
    if (!own) return [];
    const backups = backupDestination(own.destination).destinations ? ['backups'] : [];
    const sources = ['database', ...(own.artifacts ? ['artifacts'] : [])];
    const uses = ['dns', ...sources, ...backups, ...settingTargets('backup')];
    return [
      { role: 'backup', policy: backupName(name), uses },
      ...(own.verification
        ? [
            {
              role: VERIFICATION_ROLE,
              policy: verificationName(name),
              uses: ['dns', ...backups, ...settingTargets(VERIFICATION_ROLE)],
            },
          ]
        : []),
    ];
  },
  thresholds: { backupHours: 'backup', verificationHours: 'backup.verification' },
  alerts: (resolved, { series }) => backupAlerts(resolved, series),
  panels: (resolved, { series }) => backupPanels(resolved, series),
  variables: (resolved) => {
    const { backup: own } = resolved;
    if (!own) return [];
    const verification = own.verification ? ownVerificationVariables(resolved, own, own.verification) : [];
    return [...ownVariables(resolved, own), ...verification];
  },
  entryPoints: ({ backup: own }) =>
    own ? [...BACKUP_PROGRAMS, ...RESTORE_PROGRAMS, ...(own.verification ? VERIFICATION_PROGRAMS : [])] : [],
  file: 'backup',
  create: (scope, id, resolved, { instance, programs }) => {
    const { backup: own } = resolved;
    if (!own) return;
    const props = { instance, environment: resolved, backup: own, programs };
    new BackupJobs(scope, id, props);
    const { verification } = own;
    if (verification) new VerificationJob(scope, `${id}-verification`, { ...props, verification });
  },
} satisfies Component<GivenBackup & CheckedBackup, { readonly backup?: Backup }, Resolved>;

/** The keys of where backups are stored; none if they are those of the artifacts. */
function secretKeys({ backup: own, artifacts }: Resolved): readonly SecretKey[] {
  const keys = own ? backupDestination(own.destination).secretKeys : [];
  const others = artifactStore(artifacts).secretKeys;
  const isShared = ({ secret, key }: SecretKey) =>
    others.some((each) => each.secret === secret && each.key.key === key.key && each.key.reader === key.reader);
  return keys.every(isShared) ? [] : keys;
}
