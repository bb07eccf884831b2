import { WORK_PATH } from '../../../lib/components/backup/variables';
import type { BackupInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { EMBEDDED, OWN_STORES } from '../../support/embedded-fixtures';
import { FULLEST, written } from '../../support/fixtures';
import { all, container, objectsOf, one, playing, podsOf, SMALLEST, variables } from '../../support/support';

const withBackup = (backup: BackupInput, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  ...more,
  backup,
});

const onClaim: BackupInput = { destination: { claim: {} } };

const inBucket: BackupInput = { destination: { s3: { bucket: 'copies' } } };

/** The container with PostgreSQL's programs, which is the same in both Jobs. */
function clientOf(objects: Parameters<typeof podsOf>[0]) {
  const [client, other] = podsOf(playing(objects, 'backup')).map((pod) => pod.containers[1]);
  expect(other).toEqual(client);
  if (client?.name !== 'postgresql-client') throw new Error('no such container');
  return client;
}

describe('a backup', () => {
  const objects = objectsOf(withBackup(onClaim));
  const [backup, restore] = all(objects, 'CronJob');

  test('runs by its schedule and never twice, and a restore never by itself', () => {
    expect(backup).toMatchObject({
      metadata: { name: 'mlflow-backup' },
      spec: { schedule: '30 2 * * *', timeZone: 'Etc/UTC', concurrencyPolicy: 'Forbid' },
    });
    expect(backup?.spec?.suspend).toBeUndefined();
    expect(restore).toMatchObject({ metadata: { name: 'mlflow-restore' }, spec: { suspend: true } });
    // Resting is no state of ill health.
    expect(restore?.metadata?.annotations).toMatchObject({ 'argocd.argoproj.io/ignore-healthcheck': 'true' });
    expect(backup?.metadata?.annotations).toBeUndefined();
  });

  test('waits long for a garbage collection, and a restore makes the bucket where the environment does', () => {
    const copied = { ...onClaim, artifacts: true };
    const [backs, restores] = podsOf(playing(objectsOf({ ...OWN_STORES, backup: copied }), 'backup')).map(
      ({ containers: [first] }) => Object.fromEntries((first?.env ?? []).map(({ name, value }) => [name, value])),
    );
    expect(backs).toMatchObject({ BACKUP_LOCK_TIMEOUT: '10800' });
    expect(backs?.BACKUP_CREATE_BUCKET).toBeUndefined();
    expect(restores).toMatchObject({ BACKUP_CREATE_BUCKET: 'true' });
    expect(restores?.BACKUP_LOCK_TIMEOUT).toBeUndefined();
  });

  test('ends some day, is tried again where that may help, and a drained node is no try', () => {
    for (const { spec } of all(objects, 'CronJob')) {
      const job = spec?.jobTemplate.spec;
      expect(job?.activeDeadlineSeconds).toBe(21_600);
      expect(job?.backoffLimit).toBe(spec?.suspend ? 0 : 2);
      const [final, ignored] = job?.podFailurePolicy?.rules ?? [];
      expect(final).toEqual({
        action: 'FailJob',
        onExitCodes: {
          containerName: spec?.suspend ? 'restore' : 'backup',
          operator: 'In',
          values: [23, 24, 41, 44, 46, 50, 60, 61, 62, 64],
        },
      });
      expect(ignored).toMatchObject({ action: 'Ignore' });
    }
  });

  test('has pods of its own part, which the Service does not meet, and no token', () => {
    const pods = podsOf(playing(objects, 'backup'));
    expect(pods).toHaveLength(2);
    for (const { spec, labels } of pods) {
      expect(labels['app.kubernetes.io/component']).toBe('backup');
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.restartPolicy).toBe('Never');
    }
    expect(one(objects, 'Service').spec?.selector).toMatchObject({ 'app.kubernetes.io/component': 'server' });
  });

  test('has a claim that outlives it, unless one exists', () => {
    expect(one(objects, 'PersistentVolumeClaim')).toMatchObject({
      metadata: {
        name: 'mlflow-backup',
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
      },
    });
    const there = objectsOf(withBackup({ destination: { claim: { name: 'there', create: false } } }));
    expect(all(there, 'PersistentVolumeClaim')).toEqual([]);
    expect(JSON.stringify(there)).toContain('"claimName":"there"');
  });

  test('gives a password to libpq alone, and each store its own key and certificate', () => {
    const full = objectsOf(written(FULLEST));
    const env = variables(container(full, 'backup'));
    expect(env).toMatchObject({
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: '/etc/mlflow/database-ca/db.pem',
      BACKUP_AWS_CA_BUNDLE: '/etc/mlflow/backup-ca/copies.pem',
      BACKUP_ARTIFACTS_CA_BUNDLE: '/etc/mlflow/artifacts-ca/ca.pem',
      BACKUP_RETENTION_COUNT: '30',
      BACKUP_RETENTION_SECONDS: '7776000',
    });
    expect(env.AWS_CA_BUNDLE).toBeUndefined();
    const client = variables(clientOf(full));
    expect(Object.keys(client).filter((name) => /AWS/.test(name))).toEqual([]);
    expect(client.PGSSLROOTCERT).toBe('/etc/mlflow/database-ca/db.pem');
  });

  test('verifies PostgreSQL by public CAs, which the image with its programs has from the other container', () => {
    const input = {
      ...withBackup(onClaim),
      database: { host: 'db.example.com', tls: { mode: 'verify-full' as const } },
    };
    const objects = objectsOf(input);
    const ca = '/etc/ssl/certs/ca-certificates.crt';
    for (const name of ['server', 'prepare']) expect(variables(container(objects, name)).PGSSLROOTCERT).toBe(ca);
    const shared = `${WORK_PATH}/ca-certificates.crt`;
    for (const name of ['backup', 'restore']) {
      expect(variables(container(objects, name))).toMatchObject({ PGSSLROOTCERT: ca, BACKUP_CLIENT_CA: shared });
    }
    expect(variables(clientOf(objects)).PGSSLROOTCERT).toBe(shared);
    const own = objectsOf(written(FULLEST));
    expect(variables(container(own, 'backup'))).not.toHaveProperty('BACKUP_CLIENT_CA');
  });

  test('dumps with the image of an embedded PostgreSQL, another that is named, or the tested one', () => {
    const image = (input: EnvironmentInput) => clientOf(objectsOf(input)).image;
    expect(image(withBackup(onClaim))).toBe('docker.io/library/postgres:17.11-trixie');
    expect(image(written(EMBEDDED))).toMatch(/^registry\.example\.com:5000\/copies\/postgres:16\.9-bookworm@sha256:/);
    expect(image(withBackup({ ...onClaim, image: { tag: '18.1' } }))).toBe('docker.io/library/postgres:18.1');
    expect(image({ ...OWN_STORES, backup: { ...onClaim, image: { tag: '18.1' } } })).toContain(':18.1');
  });

  test('reaches what it copies, and the store of copies only where there is one', () => {
    const ports = (input: EnvironmentInput) =>
      (one(playing(objectsOf(input), 'backup'), 'NetworkPolicy').spec?.egress ?? []).map(
        (rule) => rule.ports?.[0]?.port,
      );
    expect(ports(withBackup(onClaim))).toEqual([53, undefined]);
    expect(ports(withBackup({ ...onClaim, artifacts: true }))).toEqual([53, undefined, 443]);
    expect(ports(withBackup(inBucket))).toEqual([53, undefined, 443]);
    const elsewhere = { destination: { s3: { bucket: 'copies', endpoint: 'http://copies.example.com:9000' } } };
    expect(ports(withBackup({ ...elsewhere, artifacts: true }))).toEqual([53, undefined, 443, 9000]);
  });
});
