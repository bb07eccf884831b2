import { remoteReference, storeOf } from '../../lib/components/secrets/external/references';
import type { SecretsExternalInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { objectsOf, one, PROGRAMS } from '../support/support';
import { type Case, EMBEDDED, external, is, limits, NAME } from './derived-default';
import { EDGE_DEFAULTS } from './edge-defaults.cases';
import { OIDC_DEFAULTS } from './oidc-defaults.cases';
import { STORE_DEFAULTS } from './store-defaults.cases';

const remote = (remotes: SecretsExternalInput['remote']) =>
  external({
    image: { repository: 'registry.example.com/mlflow', tag: '3.18.0', pullSecret: 'registry' },
    secrets: { provider: 'external', external: { store: { name: 'vault' }, prefix: 'team/', remote: remotes } },
  });
const registryIn = ({ requiredSecrets }: ResolvedEnvironment) => {
  const required = requiredSecrets.find(({ name }) => name === 'registry');
  if (!required) throw new Error('no such Secret');
  return required;
};
const storeOfRegistry = (environment: ResolvedEnvironment) => {
  const { external: settings } = environment.secrets;
  return settings && storeOf(settings, registryIn(environment));
};
const remoteOf = (environment: ResolvedEnvironment) => {
  const { secrets } = environment;
  const [key] = registryIn(environment).keys;
  if (!key || !secrets.external) throw new Error('no such Secret');
  return remoteReference(secrets.external, 'registry', key);
};
const backup = (more: object = {}, environment = external()): EnvironmentInput => ({
  ...environment,
  backup: { destination: { claim: {} }, ...more },
});
const MIRROR = 'registry.example.com';
const mirroredBackup = backup({}, external({ image: { registry: MIRROR } }));
const backupImage = (environment: ResolvedEnvironment) => environment.backup?.image;
const bucket = { destination: { s3: { bucket: 'copies' } } };
const user = { name: 'ann', permission: 'READ' } as const;
const client = external({ clients: [{ namespace: 'lab', user: 'ann' }], auth: { users: [user] } });
const policyOf = (ipFamilies: ('IPv4' | 'IPv6')[], expected: unknown) => {
  const input = external({ service: { ipFamilies } });
  return is(input, () => one(objectsOf(input, PROGRAMS), 'Service').spec?.ipFamilyPolicy, expected);
};

/** The image of an embedded store, from Docker Hub and from a mirror. */
const embeddedImage = (
  image: string,
  section: (environment: ResolvedEnvironment) => { readonly embedded?: { readonly image: string } | undefined },
): readonly Case[] => {
  const actual = (environment: ResolvedEnvironment) => section(environment).embedded?.image;
  return [
    is(EMBEDDED, actual, `docker.io/${image}`),
    is({ ...EMBEDDED, image: { registry: 'localhost:5000/a' } }, actual, `localhost:5000/a/${image}`),
  ];
};

/** For each key whose default the model states as derived: environments without it, by path. */
export const DERIVED_DEFAULTS: Readonly<Record<string, readonly Case[]>> = {
  ...EDGE_DEFAULTS,
  ...OIDC_DEFAULTS,
  ...STORE_DEFAULTS,
  'image.tag': [
    is(external(), ({ image }) => image.tag, 'v3.18.0-full'),
    is(
      external({ mlflowVersion: '3.18.0', image: { digest: `sha256:${'0'.repeat(64)}` } }),
      ({ image }) => image.tag,
      undefined,
    ),
  ],
  mlflowVersion: [
    is(
      external({ image: { repository: 'registry.example.com/mlflow', tag: '3.1.0-4' } }),
      ({ release }) => release.version,
      '3.1.0',
    ),
    is(external({ image: { tag: 'v3.18.0-full' } }), ({ release }) => release.version, '3.18.0'),
  ],
  'server.replicas': [
    is(external(), ({ server }) => server.replicas, 1),
    is(external({ server: { autoscaling: { maxReplicas: 2 } } }), ({ server }) => server.replicas, undefined),
  ],
  'server.workers': [
    is(external({ server: { resources: { limits: { cpu: '2500m' } } } }), ({ server }) => server.workers, 3),
    is(
      external({
        server: { resources: { limits: { cpu: 80, memory: '64Gi' } } },
        database: { host: 'a', maxConnections: 5000 },
      }),
      ({ server }) => server.workers,
      64,
    ),
  ],
  'server.resources.requests.cpu': [
    is(external(), ({ server }) => server.resources.requests.cpu, '500m'),
    is(
      external({ server: { resources: { limits: { cpu: '300m' } } } }),
      ({ server }) => server.resources.requests.cpu,
      '300m',
    ),
  ],
  'server.resources.requests.memory': [
    is(external({ server: { resources: { limits } } }), ({ server }) => server.resources.requests.memory, '4Gi'),
  ],
  'server.resources.requests.ephemeral-storage': [
    is(
      external({ server: { resources: { limits: { 'ephemeral-storage': '9Gi' } } } }),
      ({ server }) => server.resources.requests['ephemeral-storage'],
      '9Gi',
    ),
  ],
  'server.resources.limits.ephemeral-storage': [
    is(
      external({ server: { temporaryStorage: '1Gi' } }),
      ({ server }) => server.resources.limits['ephemeral-storage'],
      '1280Mi',
    ),
    is(
      external({ server: { temporaryStorage: '1Gi' }, monitoring: { metrics: {} } }),
      ({ server }) => server.resources.limits['ephemeral-storage'],
      '1344Mi',
    ),
    is(
      external({ server: { resources: { requests: { 'ephemeral-storage': '7Gi' } } } }),
      ({ server }) => server.resources.limits['ephemeral-storage'],
      '7Gi',
    ),
  ],
  'server.serviceAccount.name': [is(external(), ({ server }) => server.serviceAccount.name, NAME)],
  'server.rollout': [
    is(external(), ({ server }) => server.rollout, 'RollingUpdate'),
    is(external({ storage: { data: { mountPath: '/data' } } }), ({ server }) => server.rollout, 'Recreate'),
    is(
      external({ storage: { data: { mountPath: '/data', accessMode: 'ReadWriteMany' } } }),
      ({ server }) => server.rollout,
      'RollingUpdate',
    ),
  ],
  'auth.secret': [is(external(), ({ auth }) => auth.secret, `${NAME}-basic-auth`)],
  'auth.users[].secret': [is(client, ({ auth }) => auth.users[0]?.secret, `${NAME}-user-ann`)],
  'secrets.external.remote{}.store': [
    is(remote({}), storeOfRegistry, { name: 'vault', kind: 'ClusterSecretStore' }),
    is(remote({ registry: { key: 'x' } }), storeOfRegistry, { name: 'vault', kind: 'ClusterSecretStore' }),
  ],
  'secrets.external.remote{}.key': [is(remote({}), (environment) => remoteOf(environment).key, 'team/registry')],
  'secrets.external.remote{}.keys{}.property': [
    is(remote({}), (environment) => remoteOf(environment).property, 'dockerconfigjson'),
    is(
      remote({ registry: { keys: { '.dockerconfigjson': { key: 'elsewhere' } } } }),
      (environment) => remoteOf(environment).property,
      undefined,
    ),
  ],
  'clients[].configMap': [is(client, ({ clients }) => clients[0]?.configMap, `${NAME}-client`)],
  'clients[].secret': [is(client, ({ clients }) => clients[0]?.secret, `${NAME}-client`)],
  'service.ipFamilyPolicy': [
    policyOf(['IPv4'], 'SingleStack'),
    policyOf(['IPv4', 'IPv6'], 'RequireDualStack'),
    policyOf([], undefined),
  ],
  'service.tls.secret': [
    is(external({ service: { tls: { issuer: 'internal' } } }), ({ service }) => service.tls?.secret, `${NAME}-tls`),
  ],
  'service.tls.ca': [
    is(external({ service: { tls: { secret: 'own' } } }), ({ service }) => service.tls?.ca.secret, 'own'),
    is(external({ service: { tls: { secret: 'own' } } }), ({ service }) => service.tls?.ca.key, 'ca.crt'),
  ],
  'storage.data.name': [is(external({ storage: { data: {} } }), ({ storage }) => storage.data?.name, `${NAME}-data`)],
  'backup.destination.claim.name': [
    is(backup(), (environment) => environment.backup?.destination.claim?.name, `${NAME}-backup`),
  ],
  'backup.destination.s3.credentials.secret': [
    is(
      backup(bucket),
      (environment) => environment.backup?.destination.s3?.credentials?.secret,
      `${NAME}-backup-s3-secret`,
    ),
  ],
  'backup.destination.gcs.credentials.secret': [
    is(
      { ...backup(), backup: { destination: { gcs: { bucket: 'copies' } } } },
      (environment) => environment.backup?.destination.gcs?.credentials?.secret,
      `${NAME}-backup-gcs-key`,
    ),
  ],
  'backup.destination.prefix': [is(backup(), (environment) => environment.backup?.destination.prefix, NAME)],
  'image.repository': [
    is(external(), ({ image }) => image.repository, 'ghcr.io/mlflow/mlflow'),
    is(external({ image: { registry: MIRROR } }), ({ image }) => image.repository, `${MIRROR}/mlflow/mlflow`),
  ],
  'database.embedded.image.repository': embeddedImage('library/postgres:17.11-trixie', ({ database }) => database),
  'artifacts.embedded.image.repository': embeddedImage('versity/versitygw:v1.7.0', ({ artifacts }) => artifacts),
  'backup.image.repository': [
    is(mirroredBackup, backupImage, `${MIRROR}/library/postgres:17.11-trixie`),
    is(backup(), backupImage, 'docker.io/library/postgres:17.11-trixie'),
    is(backup({ image: { tag: '18-trixie' } }), backupImage, 'docker.io/library/postgres:18-trixie'),
    is(
      backup({}, { ...EMBEDDED, database: { embedded: { image: { repository: 'example.com/pg', tag: '16-x' } } } }),
      backupImage,
      'example.com/pg:16-x',
    ),
  ],
  'backup.image.tag': [
    is(backup({ image: { repository: 'example.com/pg' } }, EMBEDDED), backupImage, 'example.com/pg:17.11-trixie'),
  ],
  'backup.resources.requests.memory': [
    is(backup({ resources: { limits } }), (environment) => environment.backup?.resources.requests.memory, '4Gi'),
  ],
  'garbageCollection.resources.requests.memory': [
    is(
      external({ garbageCollection: { resources: { limits } } }),
      (environment) => environment.garbageCollection?.resources.requests.memory,
      '4Gi',
    ),
  ],
  'availability.disruptionBudget': [
    is(external({ server: { replicas: 2 } }), ({ availability }) => availability.disruptionBudget, true),
    is(external(), ({ availability }) => availability.disruptionBudget, false),
  ],
  'availability.topologySpread': [
    is(
      external({ server: { autoscaling: { maxReplicas: 2 } } }),
      ({ availability }) => availability.topologySpread,
      true,
    ),
    is(external(), ({ availability }) => availability.topologySpread, false),
  ],
  'availability.antiAffinity': [
    is(external({ server: { replicas: 2 } }), ({ availability }) => availability.antiAffinity, 'preferred'),
    is(external(), ({ availability }) => availability.antiAffinity, 'none'),
  ],
  'monitoring.metrics.credentials.secret': [
    is(
      external({ monitoring: { metrics: {} } }),
      ({ monitoring }) => monitoring.metrics?.credentials.secret,
      `${NAME}-metrics`,
    ),
  ],
};
