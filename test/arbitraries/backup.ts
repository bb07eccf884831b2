import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary, Generated } from './shared/component';
import { type Optional, oneOf, pick, some } from './shared/record';
import { azureContainer, fitted, gcsBucket, s3Identity, withAzureLogin, withOneLogin } from './shared/sections';
import { key, objectName } from './shared/values';

type Backup = Optional<EnvironmentInput['backup']>;
type BackupS3 = Optional<Backup['destination']['s3']>;

export const backup: ComponentArbitrary<'backup'> = {
  sections: {
    backup: some<Backup>(
      {
        schedule: pick('30 2 * * *', '*/15 0-6 1,15 * mon', '@daily'),
        timeZone: pick('Etc/UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'),
        destination: withOneDestination(
          some<Backup['destination']>(
            {
              azure: some<Optional<Backup['destination']['azure']>>(
                azureContainer('copies', '1a2'),
                'account',
                'container',
              ),
              claim: some<Optional<Backup['destination']['claim']>>({
                name: objectName,
                create: fc.boolean(),
                size: pick<string | number>('10Gi', 1e10),
                storageClass: objectName,
                accessMode: pick('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'),
              }),
              s3: some<Optional<Backup['destination']['s3']>>(
                {
                  bucket: pick('copies', 'a.b-c'),
                  endpoint: pick('https://copies.example.com', 'http://minio.minio.svc:9000', 'http://[fd00::9]:9000'),
                  region: pick('us-east-1', 'eu-central-1'),
                  addressingStyle: pick('auto', 'path', 'virtual'),
                  credentials: some<Optional<BackupS3['credentials']>>({
                    secret: pick('copies', 'credentials-of-copies'),
                    accessKeyIdKey: pick('id', 'AWS_ACCESS_KEY_ID'),
                    secretAccessKeyKey: pick('key', 'AWS_SECRET_ACCESS_KEY'),
                  }),
                  identity: s3Identity,
                  serverSideEncryption: pick('AES256', 'aws:kms'),
                  kmsKeyId: pick('alias/backups', 'arn:aws:kms:eu-west-1:111122223333:key/6d1e-4f'),
                  tls: some<Optional<BackupS3['tls']>>({
                    ca: some<Optional<Optional<BackupS3['tls']>['ca']>>({
                      configMap: pick('authorities'),
                      secret: pick('authorities'),
                      key,
                    }),
                  }),
                },
                'bucket',
              ),
              gcs: some<Optional<Backup['destination']['gcs']>>(gcsBucket('copies', 'c-1'), 'bucket'),
              prefix: pick('copies', 'team/a', 'x'),
            },
            'azure',
            'claim',
            'gcs',
            's3',
          ),
        ),
        artifacts: fc.boolean(),
        retention: some<Optional<Backup['retention']>>({
          count: fc.integer({ min: 1, max: 100 }),
          days: fc.integer({ min: 1, max: 1000 }),
        }),
        verification: some<Optional<Backup['verification']>>({
          schedule: pick('30 5 * * 0', '@monthly'),
          timeZone: pick('Etc/UTC', 'Asia/Tokyo'),
          artifactPercentage: pick(0, 10, 100),
          temporaryStorage: pick<string | number>('20Gi', 3e10),
        }),
        image: some<Optional<Backup['image']>>({
          repository: pick('postgres', 'registry.example.com:5000/copies/postgres'),
          tag: pick('17.11-trixie', '18.1'),
          digest: pick(`sha256:${'0123456789abcdef'.repeat(4)}`),
        }),
        timeout: pick(60, 3600, 604_800),
        temporaryStorage: pick<string | number>('1Gi', 1e10),
        resources: some<Optional<Backup['resources']>>({
          requests: some<Optional<Optional<Backup['resources']>['requests']>>({
            cpu: pick<string | number>('50m', 0.1),
            memory: pick<string | number>('100Mi', '256Mi', 2e8),
          }),
          limits: some<Optional<Optional<Backup['resources']>['limits']>>({
            cpu: pick<string | number>(1, '2500m'),
            memory: pick<string | number>('256Mi', '2Gi', 5e8),
          }),
        }),
      },
      'destination',
    ),
  },
  settle: (given) => {
    if (!given.backup) return given;
    const backup = mounting(backupOf(given.backup), given);
    // A pod has one identity.
    const { azure, gcs, s3 } = backup.destination;
    const artifacts = given.artifacts;
    const identities = [
      azure?.identity ?? gcs?.identity ?? s3?.identity,
      artifacts.azure?.identity ?? artifacts.gcs?.identity ?? artifacts.s3?.identity,
    ];
    return { ...given, backup: identities.includes(undefined) ? backup : { ...backup, artifacts: false } };
  },
};

/** A claim for one pod is not for two. */
const mounting = ({ artifacts, ...backup }: Backup, given: Generated): Backup =>
  given.artifacts.volume?.accessMode === 'ReadWriteOncePod' || artifacts === undefined
    ? backup
    : { ...backup, artifacts };

/** One destination, and not several. */
function withOneDestination(arbitrary: fc.Arbitrary<Backup['destination']>): fc.Arbitrary<Backup['destination']> {
  const kinds = pick('azure', 'claim', 'gcs', 's3', 's3');
  return fc.tuple(arbitrary, kinds).map(([{ prefix, ...given }, kind]) => ({
    ...(prefix === undefined ? {} : { prefix }),
    [kind]: given[kind],
  }));
}

/** With the settings that fit its destination. */
function backupOf({ destination: { azure, claim, gcs, s3, prefix }, ...rest }: Backup): Backup {
  const folder = prefix === undefined ? {} : { prefix };
  if (azure) return { ...rest, destination: { ...folder, azure: withAzureLogin(azure) } };
  if (gcs) return { ...rest, destination: { ...folder, gcs: withOneLogin(gcs) } };
  if (!s3) {
    const { name, ...others } = claim ?? {};
    // Another name than any other claim has.
    const own = others.create === false ? { name: 'claim-of-copies' } : name ? { name: `copies-${name}` } : {};
    return { ...rest, destination: { ...folder, claim: { ...others, ...own } } };
  }
  const { tls, kmsKeyId, ...others } = s3;
  const store = { ...others, ...(kmsKeyId && others.serverSideEncryption === 'aws:kms' ? { kmsKeyId } : {}) };
  const ca = tls?.ca && oneOf<NonNullable<typeof tls.ca>>('configMap', 'secret', { configMap: 'authorities' })(tls.ca);
  const trusted = ca && !s3.endpoint?.startsWith('http:') ? { tls: { ca } } : {};
  return { ...rest, destination: { ...folder, s3: fitted({ ...store, ...trusted }) } };
}
