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
