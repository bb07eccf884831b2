import { brokenChecks, type Check, type Fault, type Path } from './fault';
import { quantityValue } from './quantity';
import type { Environment } from './schema';

/** What one key demands of another, whatever the MLflow release. */
export function checkEnvironment(environment: Environment): Fault[] {
  const { namespace } = environment;
  const checks = [
    ...textChecks(environment, []),
    ...storeChecks(environment),
    ...embeddedChecks(environment),
    ...secretChecks(environment),
    ...serverChecks(environment),
    ...serviceChecks(environment),
    ...policyChecks(environment),
    ...storageChecks(environment),
    {
      path: ['namespace', 'name'],
      broken: namespace.create && /^(default|kube-.*)$/.test(namespace.name),
      message: `is a namespace of the cluster's own, on which others rely (use another, or set namespace.create: false)`,
    },
    ...patchChecks(environment),
  ];
  return brokenChecks(checks);
}

/** Flux replaces such text in manifests, with nothing or with an error, and no value here needs it. */
function textChecks(value: unknown, path: Path): Check[] {
  const held = '${';
  const message = `holds a dollar sign before a brace, which Flux replaces (write it another way)`;
  if (typeof value === 'string') return [{ path, broken: value.includes(held), message }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    textChecks(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function storeChecks({ database, artifacts, auth }: Environment): Check[] {
  const { s3 } = artifacts;
  const withDatabase = database.embedded !== undefined;
  const withStore = artifacts.embedded !== undefined;
  const authorities = [
    { path: ['database', 'tls', 'ca'], ca: database.tls.ca },
    { path: ['artifacts', 's3', 'tls', 'ca'], ca: s3.tls.ca },
  ];
  return [
    {
      path: ['database', 'host'],
      broken: database.host === undefined && !withDatabase,
      message:
        'is missing (give the host name or address of PostgreSQL, or database.embedded: {} for one in the cluster)',
    },
    {
      path: ['artifacts', 's3', 'bucket'],
      broken: s3.bucket === undefined && !withStore,
      message: 'is missing (give the name of the bucket, or artifacts.embedded: {} for a store in the cluster)',
    },
    {
      path: ['database', 'authName'],
      broken: auth.enabled && database.authName === database.name,
      message:
        'is the same as database.name (users need a database of their own: MLflow migrates the two schemas apart)',
    },
    {
      path: ['database', 'tls', 'ca'],
      broken: !withDatabase && database.tls.mode.startsWith('verify') && database.tls.ca === undefined,
      message: `is missing (mode ${database.tls.mode} needs the certificates that sign the server's)`,
    },
    {
      path: ['database', 'tls', 'mode'],
      broken: !withDatabase && database.tls.ca !== undefined && !database.tls.mode.startsWith('verify'),
      message: `is ${database.tls.mode}, which checks nothing against the certificates given (use verify-full, or remove ca)`,
    },
    {
      path: ['artifacts', 's3', 'tls', 'ca'],
      broken: !withStore && s3.tls.ca !== undefined && !(s3.endpoint ?? 'https://').startsWith('https://'),
      message: 'does nothing for an http endpoint (use https, or remove it)',
    },
    ...authorities.map(({ path, ca }) => ({
      path,
      broken: ca !== undefined && (ca.configMap === undefined) === (ca.secret === undefined),
      message: 'must name one source (give either configMap or secret)',
    })),
  ];
}

/** Stores of the instance's own: what is theirs to say cannot be said beside them. */
function embeddedChecks({ name, database, artifacts, secrets }: Environment): Check[] {
  const { s3 } = artifacts;
  const withDatabase = database.embedded !== undefined;
  const withStore = artifacts.embedded !== undefined;
  return [
    {
      path: ['name'],
      broken: name.length > LONGEST_NAME && (withDatabase || withStore || secrets.provider === 'generated'),
      message: `has ${name.length} characters, too many for what embedded stores and generated Secrets are called after it (use at most ${LONGEST_NAME})`,
    },
    {
      path: ['database', 'host'],
      broken: withDatabase && database.host !== undefined,
      message: 'is given beside database.embedded, which has a host of its own (remove one of the two)',
    },
    {
      path: ['database', 'port'],
      broken: withDatabase && database.port !== POSTGRESQL_PORT,
      message: `is ${database.port}, but an embedded PostgreSQL listens at ${POSTGRESQL_PORT} (remove it)`,
    },
    {
      path: ['database', 'tls', 'mode'],
      broken: withDatabase && !['disable', 'prefer'].includes(database.tls.mode),
      message: `is ${database.tls.mode}, but an embedded PostgreSQL offers no encryption (remove it, or use a PostgreSQL of your own)`,
    },
    {
      path: ['database', 'tls', 'ca'],
      broken: withDatabase && database.tls.ca !== undefined,
      message: 'does nothing for an embedded PostgreSQL, which offers no encryption (remove it)',
    },
    {
      path: ['artifacts', 's3', 'endpoint'],
      broken: withStore && s3.endpoint !== undefined,
      message: 'is given beside artifacts.embedded, which has an endpoint of its own (remove one of the two)',
    },
    {
      path: ['artifacts', 's3', 'tls', 'ca'],
      broken: withStore && s3.tls.ca !== undefined,
      message: 'does nothing for an embedded store, which offers no encryption (remove it)',
    },
    {
      path: ['artifacts', 's3', 'addressingStyle'],
      broken: withStore && s3.addressingStyle === 'virtual',
      message: 'is virtual, but an embedded store has one host name for all buckets (use path, or remove it)',
    },
    {
      path: ['artifacts', 'access'],
      broken: withStore && artifacts.access === 'direct',
      message: 'is direct, but only the server reaches an embedded store (use proxied, or a store of your own)',
    },
    ...resourceChecks(['database', 'embedded'], database.embedded?.resources),
    ...resourceChecks(['artifacts', 'embedded'], artifacts.embedded?.resources),
  ];
}

/** Kubernetes writes names of Jobs and of StatefulSets' revisions into labels, which take 63 characters. */
const LONGEST_NAME = 34;

/** Where PostgreSQL listens unless it is told otherwise. */
const POSTGRESQL_PORT = 5432;

/** A generated Secret has a value of its own for each key. */
function secretChecks({ secrets, database, artifacts, auth }: Environment): Check[] {
  const { credentials } = database;
  const s3 = artifacts.s3.credentials;
  const keys = [
    { path: ['database', 'credentials', 'usernameKey'], secret: credentials.secret, key: credentials.usernameKey },
    { path: ['database', 'credentials', 'passwordKey'], secret: credentials.secret, key: credentials.passwordKey },
    { path: ['artifacts', 's3', 'credentials', 'accessKeyIdKey'], secret: s3.secret, key: s3.accessKeyIdKey },
    { path: ['artifacts', 's3', 'credentials', 'secretAccessKeyKey'], secret: s3.secret, key: s3.secretAccessKeyKey },
    ...(auth.enabled
      ? [
          { path: ['auth', 'usernameKey'], secret: auth.secret, key: auth.usernameKey },
          { path: ['auth', 'passwordKey'], secret: auth.secret, key: auth.passwordKey },
          { path: ['auth', 'flaskSecretKeyKey'], secret: auth.secret, key: auth.flaskSecretKeyKey },
        ]
      : []),
  ];
  const isTaken = ({ secret, key }: { secret: string; key: string }, before: number) =>
    keys.slice(0, before).some((other) => other.secret === secret && other.key === key);
  return keys.map((given, index) => ({
    path: given.path,
    broken: secrets.provider === 'generated' && isTaken(given, index),
    message: `is ${given.key}, which another value of Secret ${given.secret} has already (name another key)`,
  }));
}

interface GivenResources {
  readonly requests: Readonly<Record<string, string | undefined>>;
  readonly limits: Readonly<Record<string, string | undefined>>;
}

/** Nothing is asked for that would be more than may be used. */
function resourceChecks(path: Path, { requests, limits }: GivenResources = { requests: {}, limits: {} }): Check[] {
  return ['cpu', 'memory', 'ephemeral-storage'].map((name) => ({
    path: [...path, 'resources', 'requests', name],
    broken: quantityValue(requests[name] ?? '0') > quantityValue(limits[name] ?? 'none'),
    message: `is more than the limit of ${limits[name]} (ask for at most the limit)`,
  }));
}

function serverChecks({ server }: Environment): Check[] {
  return [
    ...resourceChecks(['server'], server.resources),
    ...server.envFrom.map((source, index) => ({
      path: ['server', 'envFrom', index],
      broken: (source.configMap === undefined) === (source.secret === undefined),
      message: 'must name one source (give either configMap or secret)',
    })),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index],
      broken: toleration.operator === 'Exists' ? toleration.value !== undefined : toleration.key === undefined,
      message:
        toleration.operator === 'Exists'
          ? 'has a value, which operator Exists does not compare (remove it)'
          : 'has no key (give one, or use operator: Exists)',
    })),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index, 'tolerationSeconds'],
      broken: toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute',
      message: 'is refused by Kubernetes for any other effect (set effect: NoExecute, or remove it)',
    })),
  ];
}

function serviceChecks({ service }: Environment): Check[] {
  const balanced = service.type === 'LoadBalancer';
  const outside = service.type !== 'ClusterIP';
  return [
    {
      path: ['service', 'loadBalancerIP'],
      broken: service.loadBalancerIP !== undefined && !balanced,
      message: `needs a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'sourceRanges'],
      broken: service.sourceRanges.length > 0 && !balanced,
      message: `need a load balancer, but the type is ${service.type} (set service.type: LoadBalancer)`,
    },
    {
      path: ['service', 'nodePort'],
      broken: service.nodePort !== undefined && !outside,
      message:
        'needs a Service that nodes offer, but the type is ClusterIP (set service.type: NodePort or LoadBalancer)',
    },
    {
      path: ['service', 'externalTrafficPolicy'],
      broken: service.externalTrafficPolicy !== undefined && !outside,
      message:
        'needs a Service that nodes offer, but the type is ClusterIP (set service.type: NodePort or LoadBalancer)',
    },
    {
      path: ['service', 'nodeAddresses'],
      broken: service.nodeAddresses.length > 0 && service.nodePort === undefined,
      message: 'need a fixed port to be complete addresses (set service.nodePort)',
    },
  ];
}

function policyChecks({ networkPolicy }: Environment): Check[] {
  return networkPolicy.egress.map((rule, index) => ({
    path: ['networkPolicy', 'egress', index],
    broken: (rule.namespace === undefined) === (rule.cidr === undefined),
    message: 'must name one destination (give either namespace or cidr)',
  }));
}

function patchChecks({ patches }: Environment): Check[] {
  return patches.flatMap(({ operations }, index) =>
    operations.map(({ op, value }, step) => ({
      path: ['patches', index, 'operations', step, 'value'],
      broken: op !== 'remove' && value === undefined,
      message: `is missing (${op} needs one)`,
    })),
  );
}

const TAKEN_PATHS = [
  '/tmp',
  '/scripts',
  '/etc',
  '/dev',
  '/proc',
  '/sys',
  '/usr',
  '/opt',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/run',
  '/var',
];

function storageChecks({ storage, server }: Environment): Check[] {
  const data = storage.data;
  const path = data?.mountPath;
  const shared = data === undefined || path === undefined || data.accessMode === 'ReadWriteMany';
  return [
    {
      path: ['storage', 'data', 'mountPath'],
      broken: path !== undefined && TAKEN_PATHS.some((taken) => path === taken || path.startsWith(`${taken}/`)),
      message: 'is taken by the system or the server (use a path such as /data)',
    },
    {
      path: ['storage', 'data', 'mountPath'],
      broken: path?.split('/').some((step) => step === '.' || step === '..') ?? false,
      message: 'has a step that is . or .. (write the path that is meant)',
    },
    {
      path: ['server', 'replicas'],
      broken: server.replicas > 1 && !shared,
      message: `is ${server.replicas}, but the mounted claim is ${data?.accessMode} (use accessMode: ReadWriteMany, or one replica)`,
    },
    {
      path: ['server', 'rollout'],
      broken: server.rollout === 'RollingUpdate' && !shared,
      message: `is RollingUpdate, but the mounted claim is ${data?.accessMode} (use Recreate, or accessMode: ReadWriteMany)`,
    },
  ];
}
