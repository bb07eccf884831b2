import { z } from 'zod';
import { port } from '../../kubernetes/fields';
import { POSTGRESQL_IMAGE } from '../../versions';
import { caCertificate } from '../shared/sections/ca-certificate';
import { credentials } from '../shared/sections/credentials';
import { bareHost, section, text, wholeNumber } from '../shared/sections/fields';
import { imageKeys, imageTag, officialRepository } from '../shared/sections/image';
import { resources } from '../shared/sections/resources';
import { claimKeys } from '../shared/sections/volume-claim';

/**
 * The name of a database. PostgreSQL cuts longer names silently; SQLAlchemy 2.0 and 2.1 read % and ? differently in a URI;
 * the kubelet would replace $(NAME) in an argument.
 */
export const databaseName = () =>
  z
    .string()
    .regex(/^[^\p{Cc}%?$]+$/u, 'must not be empty or contain %, ?, $ or control characters')
    .refine((name) => Buffer.byteLength(name) <= 63, 'must be at most 63 bytes');

/** A PostgreSQL of the instance's own. */
export const embeddedDatabase = section({
  image: section(
    imageKeys({
      repository: officialRepository(POSTGRESQL_IMAGE.repository, 'Registry and repository, without tag.'),
      tag: imageTag()
        .default(POSTGRESQL_IMAGE.tag)
        .describe(
          'Debian-based tag of PostgreSQL 15 or newer. You can change to a newer minor release; ' +
            'another major release cannot read the data.',
        ),
    }),
  )
    .prefault({})
    .describe('Image that contains PostgreSQL: the official one, or a copy of it.'),
  storage: section(claimKeys({ name: '`NAME-database`', size: '10Gi' }))
    .prefault({})
    .describe('Volume of the databases. The claim is deleted only by hand or with its namespace.'),
  resources: resources({
    cpuRequest: '100m',
    cpuLimit: '1',
    memoryLimit: '512Mi',
    memoryNote: "A quarter of it becomes PostgreSQL's shared buffers.",
  }).prefault({}),
}).describe(
  'A PostgreSQL for this instance alone (one pod with one volume), for clusters without one. ' +
    '`embedded: {}` uses all defaults.',
);

/** PostgreSQL, which stores runs, models and users. */
export const database = section({
  host: bareHost('database.port').optional().meta({
    description: 'Host name or IP address of PostgreSQL, for both databases. Set this or `embedded`.',
    derived: '`NAME-database` with `embedded`, otherwise required',
  }),
  embedded: embeddedDatabase.optional(),
  port: port().default(5432).describe('Port of PostgreSQL.'),
  name: databaseName().default('mlflow').describe('Database of experiments, runs and models.'),
  authName: databaseName()
    .default('mlflow_auth')
    .describe(
      'Database of users and permissions. From MLflow 3.6.0 on it may be the same as `name`; separate databases are ' +
        'easier to restore. If you change the name, users are not moved to the new database.',
    ),
  credentials: credentials({ secret: '`NAME-db-credentials`' })
    .extend({
      username: text()
        .refine((name) => Buffer.byteLength(name) <= 63, 'must be at most 63 bytes')
        .optional()
        .describe('Username, if it is not in the Secret. It cannot contain `$`. `usernameKey` is then not read.'),
    })
    .prefault({})
    .describe('Username and password. They may contain any character.'),
  tls: section({
    mode: z
      .enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full'])
      .default('prefer')
      .describe(
        '`sslmode` of libpq. `prefer` uses TLS if the server supports it; `verify-full` also verifies its certificate ' +
          'and host name.',
      ),
    ca: caCertificate()
      .optional()
      .describe(
        'CA certificates of the server, required by `verify-ca`. If unset, `verify-full` trusts the publicly trusted CAs ' +
          'of the image (`/etc/ssl/certs/ca-certificates.crt`), as managed databases with a public certificate need.',
      ),
  })
    .prefault({})
    .describe('TLS to PostgreSQL.'),
  maxConnections: wholeNumber(10, 100_000)
    .default(100)
    .describe(
      'Maximum connections for all pods together, including the extra pods during a rolling update. ' +
        'An embedded PostgreSQL accepts this many.',
    ),
  create: z.boolean().optional().meta({
    description: 'Whether to create missing databases. The user needs permission to create them.',
    derived: '`true` with `embedded`, otherwise `false`',
  }),
  migration: z
    .enum(['auto', 'create', 'check'])
    .default('auto')
    .describe(
      'What a starting pod does with the schemas: `auto` creates and upgrades them, `create` only creates them, ' +
        '`check` changes nothing and fails if they do not match the release.',
    ),
  timeout: wholeNumber(10, 3600)
    .default(300)
    .describe(
      'How long a starting pod waits for PostgreSQL, for the lock of another pod and for the bucket, in seconds.',
    ),
}).describe('PostgreSQL, which stores runs, models and users.');
