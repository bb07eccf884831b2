import type { AuthInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath } from '../../lib/input/issue';
import { OWN_STORES } from '../support/fixtures';
import { resolution, SMALLEST } from '../support/support';

/** What one key demands of another where stores are embedded, Secrets generated or users declared: each wrong file beside a right one. */

/** Every issue, as a person reads it. */
const issuesOf = (input: unknown): string[] =>
  resolution(input).issues.map(({ path, message }) => `${formatPath(path)}: ${message}`);

type Database = EnvironmentInput['database'];
type Artifacts = EnvironmentInput['artifacts'];
const database = (more: Database): EnvironmentInput => ({ ...SMALLEST, database: more });
const artifacts = (more: Artifacts): EnvironmentInput => ({ ...SMALLEST, artifacts: more });
const embedded = {};
const bucket = 'artifacts';
const authority = { configMap: 'authorities' };
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const generated = { provider: 'generated' } as const;
const users = (...declared: NonNullable<AuthInput['users']>): EnvironmentInput => ({
  ...SMALLEST,
  auth: { users: declared },
});
/** The resources of a store with one amount beside what is said by default. */
const asking = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
const withTag = (tag: string) => database({ embedded: { image: { tag } } });
const withMemory = (memory: string, maxConnections?: number) =>
  database({ embedded: { resources: { limits: { memory } } }, ...(maxConnections ? { maxConnections } : {}) });
/** A patch, by default of the Job that makes the login, whose name is not checked here. */
const patched = (path: string, kind = 'Job', value: unknown = 1): EnvironmentInput => ({
  ...OWN_STORES,
  patches: [{ kind, name: 'x', operations: [{ op: 'add', path, value }] }],
});

const cases: readonly (readonly [string, EnvironmentInput, RegExp, EnvironmentInput])[] = [
  [
    'no database at all',
    { artifacts: SMALLEST.artifacts },
    /^database\.host: is missing \(.*database\.embedded: \{\}/,
    database({ embedded }),
  ],
  [
    'no bucket at all',
    { database: SMALLEST.database },
    /^artifacts\.s3\.bucket: is missing \(.*artifacts\.embedded: \{\}/,
    artifacts({ embedded }),
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
    'an endpoint beside an embedded store',
    artifacts({ embedded, s3: { endpoint: 'http://minio:9000' } }),
    /^artifacts\.s3\.endpoint: .*remove one of the two/,
    artifacts({ s3: { bucket, endpoint: 'http://minio:9000' } }),
  ],
  [
    'certificates for an embedded store',
    artifacts({ embedded, s3: { tls: { ca: authority } } }),
    /^artifacts\.s3\.tls\.ca: .*no TLS \(remove it\)/,
    artifacts({ s3: { bucket, tls: { ca: authority } } }),
  ],
  [
    'a host name for each bucket of an embedded store',
    artifacts({ embedded, s3: { addressingStyle: 'virtual' } }),
    /^artifacts\.s3\.addressingStyle: is virtual, .*use path/,
    artifacts({ embedded, s3: { addressingStyle: 'path', bucket: 'models', prefix: 'a', region: 'eu-west-1' } }),
  ],
  [
    'a user twice',
    users({ name: 'a', permission: 'READ' }, { name: 'b', permission: 'READ' }, { name: 'a', permission: 'EDIT' }),
    /^auth\.users\[2\]\.name: is in the list twice \(keep one entry per user\)$/,
    users({ name: 'a', permission: 'READ' }, { name: 'b', permission: 'READ' }),
  ],
  [
    'a user whose name cannot be part of that of a Secret',
    users({ name: 'Ada@example.com', permission: 'READ' }),
    /^auth\.users\[0\]\.name: cannot be part of the name of a Secret \(set the name of the Secret with secret\)$/,
    users({ name: 'Ada@example.com', permission: 'READ', secret: 'ada' }),
  ],
  [
    'users where nobody logs in',
    { ...SMALLEST, auth: { enabled: false, users: [{ name: 'a', permission: 'READ' }] } },
    /^auth\.users: are set, but authentication is off \(set auth\.enabled: true, or remove them\)$/,
    { ...SMALLEST, auth: { enabled: false, users: [] } },
  ],
  [
    'clients that should reach an embedded store themselves',
    artifacts({ embedded, access: 'direct' }),
    /^artifacts\.access: is direct, .*use proxied/,
    artifacts({ embedded, access: 'proxied' }),
  ],
  [
    'more CPU asked for than an embedded database may use',
    database({ embedded: asking('1500m', '64Mi') }),
    /^database\.embedded\.resources\.requests\.cpu: exceeds the limit of 1 /,
    database({ embedded: asking('1', '64Mi') }),
  ],
  [
    'more memory asked for than an embedded store may use',
    artifacts({ embedded: asking('10m', '64Gi') }),
    /^artifacts\.embedded\.resources\.requests\.memory: exceeds the limit of /,
    artifacts({ embedded: { resources: { requests: { memory: '64Mi' }, limits: { memory: '64Mi' } } } }),
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
  ...(
    [
      ['database.embedded.storage', (size: number | string) => database({ embedded: { storage: { size } } })],
      ['artifacts.embedded.storage', (size: number | string) => artifacts({ embedded: { storage: { size } } })],
      ['storage.data', (size: number | string) => ({ ...SMALLEST, storage: { data: { size } } })],
    ] as const
  ).map(
    ([place, input]) =>
      [
        `a size of ${place} that forgets its unit`,
        input(10),
        new RegExp(`^${place}\\.size: is invalid \\(must be a quantity such as 10Gi\\)$`),
        input('1Mi'),
      ] as const,
  ),
  [
    'a Secret that would be generated for a store of somebody else',
    { ...OWN_STORES, database: { host: 'postgres', credentials: { secret: 'mlflow-basic-auth' } } },
    /^database\.credentials\.secret: is mlflow-basic-auth, .*a generated Secret.* \(use another Secret\)$/,
    { ...OWN_STORES, database: { host: 'postgres', credentials: { secret: 'mlflow-postgres' } } },
  ],
  [
    'the same for an object store',
    { ...OWN_STORES, artifacts: { s3: { bucket, credentials: { secret: 'all' } } }, auth: { secret: 'all' } },
    /^artifacts\.s3\.credentials\.secret: is all, /,
    // A Secret of one's own for both stores, and one that is generated beside it.
    {
      ...SMALLEST,
      secrets: generated,
      database: { host: 'postgres', credentials: { secret: 'all' } },
      artifacts: { s3: { bucket, credentials: { secret: 'all' } } },
    },
  ],
  [
    'a tag of MLflow that is moved on',
    { ...SMALLEST, image: { repository: 'own/mlflow', tag: 'latest' }, mlflowVersion: '3.18.0' },
    /^image\.tag: latest can change between pulls \(use an immutable tag, or add image\.digest\)$/,
    { ...SMALLEST, image: { repository: 'own/mlflow', tag: 'latest', digest }, mlflowVersion: '3.18.0' },
  ],
  [
    'a tag of the object store that is moved on',
    artifacts({ embedded: { image: { tag: 'latest' } } }),
    /^artifacts\.embedded\.image\.tag: latest can change between pulls /,
    artifacts({ embedded: { image: { tag: 'latest', digest } } }),
  ],
  [
    'a number in a patch that JSON does not have',
    patched('/metadata/annotations', 'Service', { a: [Number.POSITIVE_INFINITY] }),
    /^patches\[0\]\.operations\[0\]\.value: contains a number that JSON cannot represent /,
    patched('/metadata/annotations', 'Service', { a: ['.inf', 1e21] }),
  ],
  [
    'a change of what a Job does',
    patched('/spec/backoffLimit'),
    /^patches\[0\]\.operations\[0\]\.path: changes a Job, which is immutable once it exists \(use a key of the environment file\)$/,
    patched('/metadata/annotations'),
  ],
  [
    'a change of all that a Job does',
    patched('/spec'),
    /^patches\[0\]\.operations\[0\]\.path: /,
    patched('/spec', 'Service'),
  ],
  [
    'a name that is too long for what is made of it',
    { ...OWN_STORES, name: 'n'.repeat(35) },
    /^name: has 35 characters, .*at most 34/,
    { ...OWN_STORES, name: 'n'.repeat(34) },
  ],
  [
    'one claim for a database and artifacts',
    { ...OWN_STORES, artifacts: { embedded: { storage: { name: 'mlflow-database' } } } },
    /^artifacts\.embedded\.storage\.name: is mlflow-database, the name of another claim \(use another name\)/,
    { ...OWN_STORES, artifacts: { embedded: { storage: { name: 'files' } } } },
  ],
  [
    "one claim for a store and somebody's files",
    { ...OWN_STORES, storage: { data: { name: 'mlflow-object-store' } } },
    /^storage\.data\.name: is mlflow-object-store, /,
    { ...OWN_STORES, storage: { data: {} } },
  ],
  [
    'one key for the user name and the password of a generated Secret',
    { ...OWN_STORES, database: { embedded, credentials: { usernameKey: 'key', passwordKey: 'key' } } },
    /^database\.credentials\.passwordKey: is key, .*Secret mlflow-db-credentials .*use another key/,
    { ...OWN_STORES, database: { embedded, credentials: { usernameKey: 'key', passwordKey: 'word' } } },
  ],
  [
    'one key for values of two sections that share a generated Secret',
    {
      ...OWN_STORES,
      artifacts: { embedded, s3: { credentials: { secret: 'all', secretAccessKeyKey: 'key' } } },
      auth: { secret: 'all', flaskSecretKeyKey: 'key' },
    },
    /^auth\.flaskSecretKeyKey: is key, .*Secret all /,
    {
      ...OWN_STORES,
      artifacts: { embedded, s3: { credentials: { secret: 'one', secretAccessKeyKey: 'key' } } },
      auth: { secret: 'other', flaskSecretKeyKey: 'key' },
    },
  ],
  [
    'one key for values of two sections, the login among them',
    { ...OWN_STORES, auth: { secret: 'mlflow-db-credentials', usernameKey: 'username' } },
    /^auth\.usernameKey: is username, /,
    // Where nobody logs in, no login is generated.
    { ...OWN_STORES, auth: { enabled: false, secret: 'mlflow-db-credentials', usernameKey: 'username' } },
  ],
];

describe.each(cases)('%s', (_, wrong, issue, right) => {
  test('is the one issue', () => {
    expect(issuesOf(wrong)).toEqual([expect.stringMatching(issue)]);
  });

  test('is none when it is put right', () => {
    expect(issuesOf(right)).toEqual([]);
  });
});

test('what an embedded store refuses is right for one elsewhere', () => {
  const s3 = {
    bucket,
    endpoint: 'https://s3.example.com',
    addressingStyle: 'virtual',
    tls: { ca: authority },
  } as const;
  expect(
    issuesOf({
      database: { host: 'postgres', port: 5433, tls: { mode: 'verify-full', ca: authority } },
      artifacts: { access: 'direct', s3 },
    }),
  ).toEqual([]);
});

test('a key that an embedded store refuses twice is reported once', () => {
  const s3 = { endpoint: 'http://minio:9000', tls: { ca: authority } };
  expect(issuesOf(artifacts({ embedded, s3 })).map((line) => line.split(':')[0])).toEqual([
    'artifacts.s3.endpoint',
    'artifacts.s3.tls.ca',
  ]);
});

test('keys of a Secret of an external system may be the same', () => {
  const credentials = { usernameKey: 'key', passwordKey: 'key' };
  expect(issuesOf({ ...OWN_STORES, database: { embedded, credentials }, secrets: { provider: 'existing' } })).toEqual(
    [],
  );
  expect(issuesOf({ ...SMALLEST, name: 'n'.repeat(40) })).toEqual([]);
  expect(issuesOf({ ...SMALLEST, name: 'n'.repeat(40), secrets: generated })).toHaveLength(1);
});

describe('a user who writes', () => {
  const sections: readonly [string, (value: unknown) => unknown][] = [
    ['database.embedded', (value) => ({ ...OWN_STORES, database: { embedded: value } })],
    ['artifacts.embedded', (value) => ({ ...OWN_STORES, artifacts: { embedded: value } })],
    ['storage.data', (value) => ({ ...OWN_STORES, storage: { data: value } })],
  ];

  describe.each(sections)('%s:', (path, input) => {
    test('{} gets all defaults', () => {
      expect(issuesOf(input({}))).toEqual([]);
    });

    test.each([
      [true, 'is true (must be a map of keys to values, or {} for its defaults)'],
      [null, 'has no value (write {} for its defaults, or remove the key)'],
      ['yes', 'is text (must be a map of keys to values, or {} for its defaults)'],
      [1, 'is a number (must be a map of keys to values, or {} for its defaults)'],
      [[], 'is a list (must be a map of keys to values, or {} for its defaults)'],
    ])('%j is told that, and nothing of what would be missing without it', (value, message) => {
      expect(issuesOf(input(value))).toEqual([`${path}: ${message}`]);
    });

    test('false is told to leave it out', () => {
      expect(issuesOf(input(false))[0]).toBe(`${path}: is false (remove the key to turn it off)`);
    });

    test('a key wrong within it is told of that alone', () => {
      expect(issuesOf(input({ sise: '1Gi' }))).toEqual([expect.stringMatching(`^${path}.sise: is not a known key`)]);
    });
  });

  test('false for an embedded database is also told what is needed then', () => {
    expect(issuesOf({ ...OWN_STORES, database: { embedded: false } })[1]).toMatch(/^database\.host: is missing/);
  });

  test('true beside a host is told of both', () => {
    expect(issuesOf({ ...OWN_STORES, database: { embedded: true, host: 'postgres' } })).toEqual([
      expect.stringMatching(/^database\.embedded: is true /),
      expect.stringMatching(/^database\.host: cannot be combined with/),
    ]);
  });

  test.each(['server', 'database', 'auth'])('true for %s, which is always there, is not told of {}', (section) => {
    expect(issuesOf({ ...OWN_STORES, [section]: true })).toEqual([
      `${section}: is true or false (must be a map of keys to values)`,
    ]);
    expect(issuesOf({ ...OWN_STORES, [section]: null })).toEqual([
      `${section}: has no value (set one, or remove the key)`,
    ]);
  });

  test.each(['toString', '__proto__', 'constructor'])('a key called %s is told that it is none', (key) => {
    const input = JSON.parse(`{ "database": { "embedded": {}, "${key}": { "a": 1 } } }`);
    expect(issuesOf({ ...OWN_STORES, ...input })).toEqual([
      expect.stringMatching(`^database\\.${key}: is not a known key`),
    ]);
  });
});
