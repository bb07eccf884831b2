import type { EnvironmentInput } from '../../../lib/environment/model';
import { testChecks } from '../../support/checks';
import { SMALLEST } from '../../support/support';

type Database = EnvironmentInput['database'];
const database = (more: Database): EnvironmentInput => ({ ...SMALLEST, database: more });
const embedded = {};
const authority = { configMap: 'authorities' };
/** The resources of a store with one amount beside what is said by default. */
const asking = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
const withTag = (tag: string) => database({ embedded: { image: { tag } } });
const withMemory = (memory: string, maxConnections?: number) =>
  database({ embedded: { resources: { limits: { memory } } }, ...(maxConnections ? { maxConnections } : {}) });

testChecks([
  [
    'no database at all',
    { artifacts: SMALLEST.artifacts },
    /^database\.host: is missing \(.*database\.embedded: \{\}/,
    database({ embedded }),
  ],
  [
    'a host beside an embedded database',
    database({ embedded, host: 'postgres' }),
    /^database\.host: .*remove one of the two/,
    database({ host: 'postgres' }),
  ],
  [
    'another port of an embedded database',
    database({ embedded, port: 5433 }),
    /^database\.port: is 5433, .* 5432/,
    database({ embedded, port: 5432 }),
  ],
  ...(['require', 'verify-ca', 'verify-full'] as const).map(
    (mode) =>
      [
        `mode ${mode} for an embedded database`,
        database({ embedded, tls: { mode } }),
        new RegExp(`^database\\.tls\\.mode: is ${mode}, .*no TLS`),
        database({ embedded, tls: { mode: 'disable' } }),
      ] as const,
  ),
  [
    'certificates for an embedded database',
    database({ embedded, tls: { ca: authority } }),
    /^database\.tls\.ca: .*no TLS \(remove it\)/,
    database({ embedded, tls: { mode: 'prefer' } }),
  ],
  [
    'more CPU asked for than an embedded database may use',
    database({ embedded: asking('1500m', '64Mi') }),
    /^database\.embedded\.resources\.requests\.cpu: exceeds the limit of 1 /,
    database({ embedded: asking('1', '64Mi') }),
  ],
  ...(['postgres', 'template0', 'template1'] as const).flatMap((name) =>
    (['name', 'authName'] as const).map(
      (key) =>
        [
          `${name} for database.${key} of an embedded database`,
          database({ embedded, [key]: name }),
          new RegExp(`^database\\.${key}: is ${name}, which PostgreSQL reserves \\(use another name\\)$`),
          // Elsewhere it is for somebody else to say.
          database({ host: 'postgres', [key]: name }),
        ] as const,
    ),
  ),
  [
    'a PostgreSQL image based on Alpine',
    withTag('17-alpine'),
    /^database\.embedded\.image\.tag: Alpine-based images lack .*example 17\.11-trixie/,
    withTag('17.11-trixie'),
  ],
  ...['14', '14.20-trixie', '9.6', 'latest', 'trixie', 'v17'].map(
    (tag) =>
      [
        `PostgreSQL with the tag ${tag}`,
        withTag(tag),
        /^database\.embedded\.image\.tag: must start with a major release of 15 or newer \(for example 17\.11-trixie\)$/,
        withTag('18'),
      ] as const,
  ),
  ['the oldest PostgreSQL and one before it', withTag('14.99'), /15 or newer/, withTag('15.0-bookworm')],
  [
    'memory for fewer connections than there may be',
    withMemory('512Mi', 400),
    /^database\.embedded\.resources\.limits\.memory: is 512Mi, .* 400 connections may need 1179Mi \(raise it, or lower database\.maxConnections\)$/,
    withMemory('1179Mi', 400),
  ],
  [
    'little memory for the usual connections',
    withMemory('378Mi'),
    /^database\.embedded\.resources\.limits\.memory: is 378Mi, .* 100 connections may need 379Mi/,
    withMemory('379Mi'),
  ],
]);
