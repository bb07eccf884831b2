import type { EnvironmentInput } from '../../lib/environment/model';
import { objectsOf, one, SMALLEST } from '../support/support';

/** The files of the smoke test: it uses the server as a client does. */

const ca = (configMap: string) => ({ tls: { ca: { configMap } } });
const S3 = { bucket: 'models', endpoint: 'https://s3.example.com', ...ca('s3-ca') };
const DATABASE = { host: 'db.example.com', tls: { mode: 'verify-full', ca: { configMap: 'pg-ca' } } } as const;

/** The ConfigMaps and Secrets with files, without those of our programs. */
function mounted(input: EnvironmentInput): string[] {
  const objects = objectsOf({ ...SMALLEST, smokeTest: { enabled: true }, ...input });
  const cronJob = objects.filter(({ metadata }) => metadata.name === 'mlflow-smoke-test');
  const spec = one(cronJob, 'CronJob').spec as never as {
    jobTemplate: {
      spec: { template: { spec: { volumes: Record<string, { name?: string; secretName?: string }>[] } } };
    };
  };
  const { volumes } = spec.jobTemplate.spec.template.spec;
  return volumes
    .flatMap(({ configMap, secret }) => [configMap?.name, secret?.secretName])
    .filter((name): name is string => name !== undefined && !name.startsWith('mlflow-programs'));
}

test.each<[string, EnvironmentInput, string[]]>([
  ['neither of PostgreSQL nor of the store', { database: DATABASE, artifacts: { s3: S3 } }, []],
  ['of a store that it uses itself', { database: DATABASE, artifacts: { access: 'direct', s3: S3 } }, ['s3-ca']],
  ['no key file either', { artifacts: { gcs: { bucket: 'models' } } }, []],
  ['the server', { service: { tls: { secret: 'tls', ca: { configMap: 'own-ca' } } } } as EnvironmentInput, ['own-ca']],
])('the smoke test mounts certificates of %s', (_, input, names) => {
  expect(mounted(input)).toEqual(names);
});
