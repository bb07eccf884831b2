import type { Check } from '../../input/issue';
import { POSTGRESQL_IMAGE } from '../../versions';
import { DATABASE_PORT } from '../shared/constants';
import { sourceChecks } from '../shared/sections/ca-certificate';
import { debianChecks } from '../shared/sections/image';
import { resourceChecks } from '../shared/sections/resources';
import type { DatabaseSection } from './resolve';

/** The oldest PostgreSQL that supports everything that its start script uses. */
const OLDEST_POSTGRESQL = 15;

/** Checks between the keys of the database. */
export function databaseChecks({ database }: { readonly database: DatabaseSection }): Check[] {
  return database.embedded ? embeddedChecks(database, database.embedded) : externalChecks(database);
}

function externalChecks({ host, tls }: DatabaseSection): Check[] {
  const { mode, ca } = tls;
  return [
    {
      path: ['database', 'host'],
      violated: host === undefined,
      message:
        'is missing (set the host name or address of PostgreSQL, or database.embedded: {} for one in the cluster)',
    },
    {
      path: CA,
      violated: mode === 'verify-ca' && ca === undefined,
      message:
        'is missing, but mode verify-ca needs the CA certificates of the server (set it, or use verify-full, which trusts public CAs without it)',
    },
    {
      path: ['database', 'tls', 'mode'],
      violated: ca !== undefined && !mode.startsWith('verify'),
      message: `is ${mode}, which does not verify the server with them (use verify-full, or remove ca)`,
    },
    ...sourceChecks(CA, ca),
  ];
}

const CA = ['database', 'tls', 'ca'];

/** Keys that an embedded PostgreSQL determines cannot be set as well. */
function embeddedChecks(database: DatabaseSection, embedded: NonNullable<DatabaseSection['embedded']>): Check[] {
  const { host, port, tls } = database;
  const { tag } = embedded.image;
  return [
    {
      path: ['database', 'host'],
      violated: host !== undefined,
      message: 'cannot be combined with database.embedded, which has its own host (remove one of the two)',
    },
    {
      path: ['database', 'port'],
      violated: port !== DATABASE_PORT,
      message: `is ${port}, but an embedded PostgreSQL listens on ${DATABASE_PORT} (remove it)`,
    },
    ...(['name', 'authName'] as const).map((key) => ({
      path: ['database', key],
      violated: ['postgres', 'template0', 'template1'].includes(database[key]),
      message: `is ${database[key]}, which PostgreSQL reserves (use another name)`,
    })),
    {
      path: ['database', 'credentials', 'username'],
      violated: database.credentials.username !== undefined,
      message: 'cannot be combined with database.embedded, which creates the user that its Secret names (remove it)',
    },
    ...debianChecks(['database', 'embedded', 'image'], embedded.image),
    {
      path: ['database', 'embedded', 'image', 'tag'],
      violated: !(Number(/^\d+/.exec(tag)?.[0]) >= OLDEST_POSTGRESQL),
      message: `must start with a major release of ${OLDEST_POSTGRESQL} or newer (for example ${POSTGRESQL_IMAGE.tag})`,
    },
    {
      path: ['database', 'tls', 'mode'],
      violated: !['disable', 'prefer'].includes(tls.mode),
      message: `is ${tls.mode}, but an embedded PostgreSQL has no TLS (remove it, or use an external PostgreSQL)`,
    },
    {
      path: CA,
      violated: tls.ca !== undefined,
      message: 'has no effect on an embedded PostgreSQL, which has no TLS (remove it)',
    },
    ...sourceChecks(CA, tls.ca),
    ...resourceChecks(['database', 'embedded'], embedded.resources),
  ];
}
