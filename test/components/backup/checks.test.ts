import type { BackupInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { OWN_STORES } from '../../support/embedded-fixtures';
import { resolution, SMALLEST } from '../../support/support';

const withBackup = (backup: BackupInput, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  ...more,
  backup,
});

const onClaim: BackupInput = { destination: { claim: {} } };

const issues = (input: EnvironmentInput) =>
  resolution(input).issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('is refused', () => {
  test.each<[string, EnvironmentInput, string]>([
    ['without a place', withBackup({ destination: {} }), 'backup.destination: must have exactly one destination'],
    [
      'with two places',
      withBackup({ destination: { claim: {}, s3: { bucket: 'copies' } } }),
      'backup.destination: must have exactly one destination',
    ],
    ...['AES256' as const, undefined].map((serverSideEncryption): [string, EnvironmentInput, string] => [
      `with a key of KMS and ${serverSideEncryption}`,
      withBackup({ destination: { s3: { bucket: 'copies', serverSideEncryption, kmsKeyId: 'alias/backups' } } }),
      'backup.destination.s3.kmsKeyId: is set without serverSideEncryption: aws:kms',
    ]),
    [
      'with a claim that is there and has no name',
      withBackup({ destination: { claim: { create: false } } }),
      'backup.destination.claim.name: is missing',
    ],
    [
      'with a folder outside of its own',
      withBackup({ destination: { claim: {}, prefix: 'a/../b' } }),
      'backup.destination.prefix: has an empty, . or .. path segment',
    ],
    [
      'into the bucket of the artifacts',
      withBackup({ destination: { s3: { bucket: 'artifacts' } } }),
      'backup.destination.s3.bucket: is the bucket of the artifacts',
    ],
    [
      'into the folder of the artifacts',
      withBackup(
        { destination: { s3: { bucket: 'shared' }, prefix: 'models/copies' } },
        { artifacts: { s3: { bucket: 'shared', prefix: 'models' } } },
      ),
      'backup.destination.s3.bucket: is the bucket of the artifacts',
    ],
    [
      'into a folder that the artifacts are in',
      withBackup(
        { destination: { s3: { bucket: 'shared' }, prefix: 'models' } },
        { artifacts: { s3: { bucket: 'shared', prefix: 'models/artifacts' } } },
      ),
      'backup.destination.s3.bucket: is the bucket of the artifacts',
    ],
    [
      'with a claim that another section makes',
      withBackup({ destination: { claim: { name: 'files' } } }, { storage: { data: { name: 'files' } } }),
      'backup.destination.claim.name: is files, the name of another claim (use another name, or set create: false)',
    ],
    [
      'on the volume that it copies',
      { ...OWN_STORES, backup: { destination: { claim: { name: 'mlflow-database', create: false } } } },
      'backup.destination.claim.name: is mlflow-database, the claim of an embedded store',
    ],
    [
      'with words for a time',
      withBackup({ ...onClaim, schedule: 'every night' }),
      'backup.schedule: is invalid (must be five fields',
    ],
    [
      'with an image that moves',
      withBackup({ ...onClaim, image: { tag: 'latest' } }),
      'backup.image.tag: latest can change between pulls',
    ],
    [
      'with an image without flock',
      withBackup({ ...onClaim, image: { tag: '17-alpine' } }),
      'backup.image.tag: Alpine-based images lack required tools',
    ],
  ])('%s', (_, input, message) => {
    expect(issues(input)).toEqual([expect.stringContaining(message)]);
  });

  test('but not beside artifacts in another folder of the bucket', () => {
    const artifacts = { s3: { bucket: 'shared', prefix: 'artifacts' } };
    const backup = { destination: { s3: { bucket: 'shared' }, prefix: 'copies' } };
    expect(issues({ ...SMALLEST, artifacts, backup })).toEqual([]);
  });
});
