import type { BackupInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { FULLEST, written } from '../../support/fixtures';
import {
  all,
  container,
  objectsOf,
  one,
  playing,
  podsOf,
  resolution,
  SMALLEST,
  variables,
} from '../../support/support';

/** The CronJob that verifies backups: what its pod has, and what it lacks. */

const withBackup = (backup: BackupInput, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  ...more,
  backup,
});
const onClaim = (verification: BackupInput['verification'] = {}): BackupInput => ({
  destination: { claim: {} },
  artifacts: true,
  verification,
});
const inBucket: BackupInput = { destination: { s3: { bucket: 'copies' } }, artifacts: true, verification: {} };

const role = (input: EnvironmentInput) => playing(objectsOf(input), 'verification');
const podOf = (input: EnvironmentInput) => {
  const [pod, ...others] = podsOf(role(input));
  if (!pod || others.length > 0) throw new Error('there is not one pod');
  return pod;
};

test('exists where it is asked for, and nothing else changes', () => {
  const { verification: _, ...without } = onClaim();
  expect(role(withBackup(without))).toEqual([]);
  const [before, after] = [objectsOf(withBackup(without)), objectsOf(withBackup(onClaim()))];
  const others = after.filter(({ metadata }) => !/-verify$|-programs-/.test(metadata.name));
  expect(others).toEqual(before.filter(({ metadata }) => !/-programs-/.test(metadata.name)));
});

test('runs by its schedule, once at a time, and ends', () => {
  const [job] = all(role(withBackup(onClaim({ schedule: '@monthly', timeZone: 'Asia/Tokyo' }))), 'CronJob');
  expect(job).toMatchObject({
    metadata: { name: 'mlflow-verify' },
    spec: { schedule: '@monthly', timeZone: 'Asia/Tokyo', concurrencyPolicy: 'Forbid' },
  });
  expect(job?.spec?.jobTemplate.spec?.activeDeadlineSeconds).toBe(21_600);
});

test.each([
  ['a claim', withBackup(onClaim())],
  ['a bucket', withBackup(inBucket)],
  ['everything', written(FULLEST)],
])('with %s, has nothing that leads to the databases or the artifacts of the instance', (_, input) => {
  const { spec, containers } = podOf(input);
  const names = containers.flatMap((each) => Object.keys(variables(each)));
  expect(names.filter((name) => /PASSWORD|^PGSSL|^PGDATABASE|ARTIFACTS_|MLFLOW_S3/.test(name))).toEqual([]);
  const [, client] = containers;
  expect(variables(client ?? fail())).toEqual({
    HOME: '/tmp',
    PGHOST: '/work',
    PGUSER: 'postgres',
    BACKUP_WORK: '/work',
  });
  expect((spec.volumes ?? []).map(({ name }) => name).filter((name) => /artifacts|database/.test(name))).toEqual([]);
});

const fail = (): never => {
  throw new Error('no container');
};

test('reads a claim, and reaches nothing; a bucket, and that alone', () => {
  const mounts = podOf(withBackup(onClaim())).containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  expect(mounts.filter(({ name }) => name === 'backup').map(({ readOnly }) => readOnly)).toEqual([true, true]);
  const ports = (input: EnvironmentInput) =>
    (one(role(input), 'NetworkPolicy').spec?.egress ?? []).map((rule) => rule.ports?.[0]?.port);
  expect(ports(withBackup(onClaim()))).toEqual([53]);
  expect(ports(withBackup(inBucket))).toEqual([53, 443]);
  expect(one(role(withBackup(onClaim())), 'NetworkPolicy').spec?.ingress).toBeUndefined();
});

test('has the space that is set, and no more', () => {
  const input = withBackup(onClaim({ temporaryStorage: '40Gi', artifactPercentage: 10, schedule: '0 5 1 * *' }));
  const { spec } = podOf(input);
  expect(spec.volumes?.find(({ name }) => name === 'work')?.emptyDir?.sizeLimit).toBe('40Gi');
  const program = container(objectsOf(input), 'verification');
  expect(program.resources?.limits).toMatchObject({ 'ephemeral-storage': '41152Mi' });
  expect(variables(program)).toMatchObject({
    BACKUP_ROOM: '40960',
    BACKUP_ARTIFACT_PERCENTAGE: '10',
    BACKUP_INTERVAL_SECONDS: String(31 * 86_400),
    BACKUP: 'latest',
  });
});

test('logs in as the backup does: with its identity, or an account without permissions of its own', () => {
  expect(podOf(withBackup(onClaim())).spec.serviceAccountName).toBe('mlflow-verify');
  const irsa = { roleArn: 'arn:aws:iam::111122223333:role/backup' };
  const s3 = { bucket: 'copies', identity: { irsa } };
  const input = withBackup({ ...inBucket, artifacts: false, destination: { s3 } });
  expect(podOf(input).spec.serviceAccountName).toBe('mlflow-backup');
  expect(all(role(input), 'ServiceAccount')).toEqual([]);
  expect(variables(container(objectsOf(input), 'verification'))).toMatchObject({ AWS_ROLE_ARN: irsa.roleArn });
});

describe('with backups in another cloud', () => {
  const verified = (destination: BackupInput['destination']) => withBackup({ ...inBucket, destination });
  const azure = { account: 'copies', container: 'mlflow' };
  const client = { clientId: '3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b', tenantId: '9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d' };
  const storeVariables = (input: EnvironmentInput) =>
    Object.fromEntries(
      Object.entries(variables(container(objectsOf(input), 'verification'))).filter(([name]) =>
        /GCS|AZURE|GOOGLE|AWS|BUCKET|PREFIX/.test(name),
      ),
    );
  const volumesOf = ({ spec }: ReturnType<typeof podOf>) => (spec.volumes ?? []).map(({ name }) => name).sort();

  test('reads a bucket of Google by a key file of its own', () => {
    const input = verified({ gcs: { bucket: 'copies' } });
    const pod = podOf(input);
    expect(storeVariables(input)).toEqual({
      BACKUP_GCS_BUCKET: 'copies',
      BACKUP_PREFIX: 'mlflow',
      BACKUP_GCS_KEY_FILE: '/etc/mlflow/backup-gcs/key.json',
    });
    expect(pod.spec.serviceAccountName).toBe('mlflow-verify');
    expect(volumesOf(pod)).toEqual(['backup-gcs-key', 'programs', 'tmp', 'work']);
  });

  test('reads a bucket of Google by the identity of backups', () => {
    const serviceAccount = 'copies@project-1.iam.gserviceaccount.com';
    const input = verified({ gcs: { bucket: 'copies', identity: { workloadIdentity: { serviceAccount } } } });
    const pod = podOf(input);
    expect(storeVariables(input)).toEqual({ BACKUP_GCS_BUCKET: 'copies', BACKUP_PREFIX: 'mlflow' });
    expect(pod.spec.serviceAccountName).toBe('mlflow-backup');
    expect(volumesOf(pod)).toEqual(['programs', 'tmp', 'work']);
    const blocks = (one(role(input), 'NetworkPolicy').spec?.egress ?? []).flatMap(({ to = [] }) =>
      to.map(({ ipBlock }) => ipBlock?.cidr),
    );
    expect(blocks).toEqual(expect.arrayContaining(['169.254.169.254/32', '169.254.169.252/32', '0.0.0.0/0']));
  });

  test('reads a container of Azure by its key', () => {
    const input = verified({ azure });
    expect(storeVariables(input)).toEqual({
      BACKUP_AZURE_ACCOUNT_URL: 'https://copies.blob.core.windows.net',
      BACKUP_AZURE_CONTAINER: 'mlflow',
      BACKUP_PREFIX: 'mlflow',
      BACKUP_AZURE_STORAGE_ACCESS_KEY: 'mlflow-backup-azure-secret/AZURE_STORAGE_ACCESS_KEY',
    });
    expect(podOf(input).spec.serviceAccountName).toBe('mlflow-verify');
    expect(volumesOf(podOf(input))).toEqual(['programs', 'tmp', 'work']);
  });

  test('reads a container of Azure by the identity of backups, which PostgreSQL’s programs lack', () => {
    const input = verified({ azure: { ...azure, identity: { workloadIdentity: client } } });
    const pod = podOf(input);
    expect(storeVariables(input)).toMatchObject({ AZURE_CLIENT_ID: client.clientId, AZURE_TENANT_ID: client.tenantId });
    expect(storeVariables(input)).not.toHaveProperty('BACKUP_AZURE_STORAGE_ACCESS_KEY');
    expect(pod.spec.serviceAccountName).toBe('mlflow-backup');
    expect(pod.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
    expect(volumesOf(pod)).toEqual(['azure-identity-token', 'programs', 'tmp', 'work']);
    const tokens = pod.containers.map(({ name, volumeMounts = [] }) => [
      name,
      volumeMounts.some((mount) => mount.name === 'azure-identity-token'),
    ]);
    expect(tokens).toEqual([
      ['verification', true],
      ['postgresql-client', false],
    ]);
  });

  test.each<[string, BackupInput['destination'], string[]]>([
    ['Google', { gcs: { bucket: 'copies' } }, ['53', '443']],
    ['Azure', { azure }, ['53', '443']],
  ])('reaches the store of %s, and that alone', (_, destination, ports) => {
    const found = (one(role(verified(destination)), 'NetworkPolicy').spec?.egress ?? []).map((rule) =>
      String(rule.ports?.[0]?.port),
    );
    expect(found).toEqual(ports);
  });
});

test('a threshold that the schedule exceeds is a warning', () => {
  const warnings = (verification: BackupInput['verification'], rules = {}) =>
    resolution(withBackup(onClaim(verification), { monitoring: { metrics: {}, rules } })).warnings.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
  expect(warnings({})).toEqual([]);
  expect(warnings({ schedule: '@monthly' })).toEqual([
    expect.stringContaining(
      'monitoring.rules.thresholds.verificationHours: is 200, but two verifications can be 744 hours apart (backup.verification.schedule is @monthly)',
    ),
  ]);
  expect(warnings({ schedule: '@monthly' }, { thresholds: { verificationHours: 800 } })).toEqual([]);
});
