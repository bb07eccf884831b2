import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { atLeast } from './shared/releases';
import { caCertificate, embedded } from './shared/sections';
import { key, objectName } from './shared/values';

type Database = Optional<EnvironmentInput['database']>;

export const database: ComponentArbitrary<'database'> = {
  sections: {
    database: some<Database>(
      {
        // A tag may end with what a label may not, and that of the store start with it.
        embedded: embedded('postgres', 'runs', '17.11-trixie', '18', '15.1_edge.', `16${'x'.repeat(126)}`),
        host: pick(
          'postgres',
          'postgres.db',
          'pg.db.svc.cluster.local',
          'pg.example.com',
          '192.168.1.100',
          'fd00::100',
        ),
        port: fc.integer({ min: 1, max: 65535 }),
        name: pick('mlflow', 'tracking', 'with space', "ü/#&'", 'yes'),
        authName: pick('mlflow_auth', 'users', 'tracking'),
        credentials: some<Optional<Database['credentials']>>({
          secret: objectName,
          username: pick('mlflow', "o'neil", 'with space'),
          usernameKey: key,
          passwordKey: key,
        }),
        tls: some<Optional<Database['tls']>>({
          mode: pick('disable', 'prefer', 'require', 'verify-ca', 'verify-full'),
          ca: caCertificate,
        }),
        maxConnections: pick(100, 400, 100_000),
        create: fc.boolean(),
        migration: pick('auto', 'create', 'check'),
        timeout: fc.integer({ min: 10, max: 3600 }),
      },
      'host',
    ),
  },
  required: ['database'],
  settle: (given, version) => {
    const database = databaseOf(given.database, version);
    const { autoscaling, replicas = 1, workers = 4 } = given.server ?? {};
    if ((autoscaling?.maxReplicas ?? replicas) * workers > 3) database.maxConnections = 1000;
    return { ...given, database: database.embedded ? withMemory(database) : database };
  },
};

/** The settings of an external or of an embedded PostgreSQL, and not of both. */
function databaseOf({ host, port, tls, embedded, ...others }: Database, version: string): Database {
  const shared = (others.name ?? 'mlflow') === others.authName && !atLeast(version, '3.6.0');
  const rest = shared ? { ...others, authName: 'users' } : others;
  if (embedded) {
    if (rest.credentials) rest.credentials = { ...rest.credentials, username: undefined };
    const unencrypted = tls?.mode === 'disable' || tls?.mode === 'prefer';
    return { ...rest, embedded, ...(unencrypted ? { tls: { mode: tls.mode } } : {}) };
  }
  const settled: Database = { ...rest, host };
  if (port !== undefined) settled.port = port;
  if (tls) settled.tls = { ...tls };
  if (settled.tls?.mode === 'verify-ca' && !settled.tls.ca) settled.tls.ca = { secret: 'authorities' };
  // Only the modes that verify the server read a CA certificate.
  if (settled.tls?.mode === 'require') delete settled.tls.ca;
  if (settled.tls?.ca && !settled.tls.mode?.startsWith('verify')) settled.tls.mode = 'verify-full';
  return settled;
}

/** Memory for all connections: 2Mi each, and a quarter for PostgreSQL's buffers. */
function withMemory({ embedded, maxConnections = 100, ...rest }: Database): Database {
  const memory = maxConnections > 1000 ? '300Gi' : '3Gi';
  const limits = maxConnections > 100 ? { limits: { ...embedded?.resources?.limits, memory } } : {};
  return { ...rest, maxConnections, embedded: { ...embedded, resources: { ...embedded?.resources, ...limits } } };
}
