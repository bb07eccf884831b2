import { resourceChecks } from '../components/shared/resources';
import type { Check } from '../input/issue';
import type { Environment } from './model';

/** What the keys of database and artifacts demand of each other and of the rest. */
export function storeChecks(environment: Environment): Check[] {
  return [...outsideChecks(environment), ...embeddedChecks(environment)];
}

function outsideChecks({ database, artifacts }: Environment): Check[] {
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
      violated: database.host === undefined && !withDatabase,
      message:
        'is missing (give the host name or address of PostgreSQL, or database.embedded: {} for one in the cluster)',
    },
    {
      path: ['artifacts', 's3', 'bucket'],
      violated: s3.bucket === undefined && !withStore,
      message: 'is missing (give the name of the bucket, or artifacts.embedded: {} for a store in the cluster)',
    },
    {
      path: ['database', 'tls', 'ca'],
      violated: !withDatabase && database.tls.mode.startsWith('verify') && database.tls.ca === undefined,
      message: `is missing (mode ${database.tls.mode} needs the certificates that sign the server's)`,
    },
    {
      path: ['database', 'tls', 'mode'],
      violated: !withDatabase && database.tls.ca !== undefined && !database.tls.mode.startsWith('verify'),
      message: `is ${database.tls.mode}, which checks nothing against the certificates given (use verify-full, or remove ca)`,
    },
    {
      path: ['artifacts', 's3', 'tls', 'ca'],
      violated: !withStore && s3.tls.ca !== undefined && !(s3.endpoint ?? 'https://').startsWith('https://'),
      message: 'does nothing for an http endpoint (use https, or remove it)',
    },
    ...authorities.map(({ path, ca }) => ({
      path,
      violated: ca !== undefined && (ca.configMap === undefined) === (ca.secret === undefined),
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
      violated: name.length > LONGEST_NAME && (withDatabase || withStore || secrets.provider === 'generated'),
      message: `has ${name.length} characters, too many for what embedded stores and generated Secrets are called after it (use at most ${LONGEST_NAME})`,
    },
    {
      path: ['database', 'host'],
      violated: withDatabase && database.host !== undefined,
      message: 'is given beside database.embedded, which has a host of its own (remove one of the two)',
    },
    {
      path: ['database', 'port'],
      violated: withDatabase && database.port !== POSTGRESQL_PORT,
      message: `is ${database.port}, but an embedded PostgreSQL listens at ${POSTGRESQL_PORT} (remove it)`,
    },
    ...(['name', 'authName'] as const).map((key) => ({
      path: ['database', key],
      violated: withDatabase && ['postgres', 'template0', 'template1'].includes(database[key]),
      message: `is ${database[key]}, which belongs to PostgreSQL itself (use another name)`,
    })),
    {
      path: ['database', 'embedded', 'image', 'tag'],
      violated: /alpine/.test(database.embedded?.image.tag ?? ''),
      message: 'is of Alpine Linux, whose tools lack what is needed (use a tag of Debian, such as 17.11-trixie)',
    },
    {
      path: ['database', 'embedded', 'image', 'tag'],
      violated: withDatabase && !(Number(/^\d+/.exec(database.embedded?.image.tag ?? '')?.[0]) >= OLDEST_POSTGRESQL),
      message: `must start with the major release, ${OLDEST_POSTGRESQL} or newer (such as 17.11-trixie)`,
    },
    {
      path: ['database', 'tls', 'mode'],
      violated: withDatabase && !['disable', 'prefer'].includes(database.tls.mode),
      message: `is ${database.tls.mode}, but an embedded PostgreSQL offers no encryption (remove it, or use a PostgreSQL of your own)`,
    },
    {
      path: ['database', 'tls', 'ca'],
      violated: withDatabase && database.tls.ca !== undefined,
      message: 'does nothing for an embedded PostgreSQL, which offers no encryption (remove it)',
    },
    {
      path: ['artifacts', 's3', 'endpoint'],
      violated: withStore && s3.endpoint !== undefined,
      message: 'is given beside artifacts.embedded, which has an endpoint of its own (remove one of the two)',
    },
    {
      path: ['artifacts', 's3', 'tls', 'ca'],
      violated: withStore && s3.tls.ca !== undefined,
      message: 'does nothing for an embedded store, which offers no encryption (remove it)',
    },
    {
      path: ['artifacts', 's3', 'addressingStyle'],
      violated: withStore && s3.addressingStyle === 'virtual',
      message: 'is virtual, but an embedded store has one host name for all buckets (use path, or remove it)',
    },
    {
      path: ['artifacts', 'access'],
      violated: withStore && artifacts.access === 'direct',
      message: 'is direct, but only the server reaches an embedded store (use proxied, or a store of your own)',
    },
    ...resourceChecks(['database', 'embedded'], database.embedded?.resources),
    ...resourceChecks(['artifacts', 'embedded'], artifacts.embedded?.resources),
  ];
}

/** Kubernetes writes names of Jobs and of StatefulSets' revisions into labels, which take 63 characters. */
const LONGEST_NAME = 34;

/** The oldest PostgreSQL that has all that its start uses. */
const OLDEST_POSTGRESQL = 15;

/** Where PostgreSQL listens unless it is told otherwise. */
const POSTGRESQL_PORT = 5432;
