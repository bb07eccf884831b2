import type { EnvironmentInput } from '../../lib/environment/model';
import { issuesOf, testChecks } from '../support/checks';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SMALLEST } from '../support/support';

/** Checks of what concerns no component alone: each wrong environment beside a right one. */

type Database = EnvironmentInput['database'];
type Artifacts = EnvironmentInput['artifacts'];
const database = (more: Database): EnvironmentInput => ({ ...SMALLEST, database: more });
const artifacts = (more: Artifacts): EnvironmentInput => ({ ...SMALLEST, artifacts: more });
const bucket = 'artifacts';
const authority = { configMap: 'authorities' };
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** A patch, by default of the Job that makes the login, whose name is not checked here. */
const patched = (path: string, kind = 'Job', value: unknown = 1): EnvironmentInput => ({
  ...OWN_STORES,
  patches: [{ kind, name: 'x', operations: [{ op: 'add', path, value }] }],
});

testChecks([
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
        new RegExp(`^${place}\\.size: is invalid \\(must be at least 1Mi, such as 10Gi\\)$`),
        input('1Mi'),
      ] as const,
  ),
  [
    'a tag of MLflow that is moved on',
    { ...SMALLEST, image: { repository: 'own/mlflow', tag: 'latest' }, mlflowVersion: '3.18.0' },
    /^image\.tag: latest can change between pulls \(use an immutable tag, or add image\.digest\)$/,
    { ...SMALLEST, image: { repository: 'own/mlflow', tag: 'latest', digest }, mlflowVersion: '3.18.0' },
  ],
  [
    'a number in a patch that JSON does not have',
    patched('/metadata/annotations', 'Service', { a: [Number.POSITIVE_INFINITY] }),
    /^patches\[0\]\.operations\[0\]\.value: contains a number that JSON cannot represent /,
    patched('/metadata/annotations', 'Service', { a: ['.inf', 1e21] }),
  ],
  ...[1n, new Date(0), new Map(), new Set(), new Uint8Array(1), () => 1, Symbol('a'), undefined, -0, Number.NaN].map(
    (value) =>
      [
        `${typeof value} ${Object.prototype.toString.call(value)} in a patch, which JSON does not have`,
        patched('/metadata/annotations', 'Service', { a: [{ b: value }] }),
        /^patches\[0\]\.operations\[0\]\.value: contains a (number|value) that JSON cannot represent /,
        patched('/metadata/annotations', 'Service', { a: [{ b: null, c: true, d: 0, e: 'x' }] }),
      ] as const,
  ),
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
]);

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

describe('a user who writes', () => {
  const sections: readonly [string, string, (value: unknown) => unknown][] = [
    ['database.embedded', 'image, storage, resources', (value) => ({ ...OWN_STORES, database: { embedded: value } })],
    ['artifacts.embedded', 'image, storage, resources', (value) => ({ ...OWN_STORES, artifacts: { embedded: value } })],
    ['storage.data', 'name, size, storageClass, accessMode', (value) => ({ ...OWN_STORES, storage: { data: value } })],
  ];

  describe.each(sections)('%s:', (path, keys, input) => {
    test('{} gets all defaults', () => {
      expect(issuesOf(input({}))).toEqual([]);
    });

    test.each([
      [true, 'is true (must be a map of keys to values, with keys such as KEYS, or {} for its defaults)'],
      [null, 'has no value (write {} for its defaults, or remove the key)'],
      ['yes', 'is text (must be a map of keys to values, with keys such as KEYS, or {} for its defaults)'],
      [1, 'is a number (must be a map of keys to values, with keys such as KEYS, or {} for its defaults)'],
      [[], 'is a list (must be a map of keys to values, with keys such as KEYS, or {} for its defaults)'],
    ])('%j is told that, and nothing of what would be missing without it', (value, message) => {
      expect(issuesOf(input(value))).toEqual([`${path}: ${message.replace('KEYS', keys)}`]);
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

  test.each([
    ['server', ', with keys such as replicas, autoscaling, workers, threads'],
    ['database', ', with keys such as host, embedded, port, name'],
    ['auth', ': write {enabled: true}'],
  ])('true for %s, which is always there, is not told of {}', (section, form) => {
    expect(issuesOf({ ...OWN_STORES, [section]: true })).toEqual([
      `${section}: is true or false (must be a map of keys to values${form})`,
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
