import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import type { z } from 'zod';
import { loadEnvironment } from '../../lib/environment/load';
import type { EnvironmentInput, environment } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { nearest } from '../../lib/input/did-you-mean';
import { formatPath } from '../../lib/input/issue';
import { generatedFiles } from '../../tools/generated-files';
import type { JsonSchema } from '../../tools/json-schema';
import { randomEnvironment } from '../arbitraries/environment';
import { isRecord, ROOT, SMALLEST, temporaryFolder } from '../support/support';

describe('the nearest word', () => {
  const words = ['database', 'artifacts', 'service', 'server', 'secrets', 'auth', 'sourceRanges', 'nodePort'];
  test.each([
    ['databse', 'database'],
    ['Database', 'database'],
    ['serivce', 'service'],
    ['sever', 'server'],
    ['nodeport', 'nodePort'],
    ['souceRange', 'sourceRanges'],
    ['authh', 'auth'],
  ])('of %s is %s', (given, meant) => {
    expect(nearest(given, words)).toBe(meant);
  });

  test.each(['zzzz', '', 'x', 'completely-different', '😀'])('of %j is none', (given) => {
    expect(nearest(given, words)).toBeUndefined();
  });

  test('of a word itself is the word, and there is none among none', () => {
    for (const word of words) expect(nearest(word, words)).toBe(word);
    expect(nearest('a', [])).toBeUndefined();
  });
});

test('a path is written as people write it', () => {
  expect(formatPath(['clients', 'pods', 0, 'namespace'])).toBe('clients.pods[0].namespace');
  expect(formatPath(['labels', 'example.com/a b'])).toBe('labels."example.com/a b"');
  expect(formatPath(['a\u007f\u2028'])).toBe('"a\\u007f\\u2028"');
  expect(formatPath([])).toBe('');
});

describe('an environment', () => {
  test('has every plain default filled in, and its quantities in canonical form', () => {
    const { environment, issues } = parseEnvironment({ ...SMALLEST, server: { temporaryStorage: '1024Mi' } });
    expect(issues).toEqual([]);
    expect(environment).toMatchObject({
      name: 'mlflow',
      namespace: { name: 'mlflow', create: true, podSecurity: 'restricted' },
      server: { gracePeriod: 60, temporaryStorage: '1Gi' },
      database: { host: 'postgres', port: 5432, tls: { mode: 'prefer' } },
      artifacts: {
        access: 'proxied',
        s3: { bucket: 'artifacts', credentials: { accessKeyIdKey: 'AWS_ACCESS_KEY_ID' } },
      },
      auth: { enabled: true, cacheSeconds: 60 },
      networkPolicy: { enabled: true },
    });
  });

  test('parsed again is the same', () => {
    fc.assert(
      fc.property(randomEnvironment, (input) => {
        const { environment } = parseEnvironment(input);
        if (environment) expect(parseEnvironment(environment).environment).toEqual(environment);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test.each([undefined, null, 1, 'text', [], [SMALLEST], true])('is not %j', (given) => {
    expect(parseEnvironment(given).issues).not.toEqual([]);
  });
});

test('a user invalid does not make those of clients unknown', () => {
  const { issues } = parseEnvironment({
    ...SMALLEST,
    auth: {
      users: [
        { name: 'one', permission: 'READ' },
        { name: 'two', permission: 'REED' },
      ],
    },
    clients: [
      { namespace: 'a', user: 'one' },
      { namespace: 'b', user: 'two' },
      { namespace: 'c', user: 'none' },
    ],
  });
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['auth.users.1.permission']);
});

describe('an environment that extends others', () => {
  let folder = '';
  beforeEach(() => {
    folder = temporaryFolder();
  });
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

  test('merges maps, replaces all else, and the nearer file wins', () => {
    write(
      'far.yaml',
      'labels: { a: far, b: far }\nservice: { type: NodePort, nodePort: 30800 }\nnetworkPolicy: { clients: { namespaces: [x, y] } }\n',
    );
    write(
      'base.yaml',
      'extends: far.yaml\nlabels: { b: base, c: base }\ndatabase: { host: base, port: 1 }\nartifacts: { s3: { bucket: base } }\n',
    );
    const file = write(
      'envs/a/environment.yaml',
      'extends: ../../base.yaml\nlabels: { c: own }\ndatabase: { host: own }\nnetworkPolicy: { clients: { namespaces: [z] } }\n',
    );
    const { environment, issues } = loadEnvironment(file);
    expect(issues).toEqual([]);
    expect(environment).toMatchObject({
      labels: { a: 'far', b: 'base', c: 'own' },
      database: { host: 'own', port: 1 },
      artifacts: { s3: { bucket: 'base' } },
      service: { type: 'NodePort', nodePort: 30800 },
    });
    expect(environment?.networkPolicy.clients.namespaces).toEqual(['z']);
  });

  test('places a later issue in the file that holds the value, or the nearest part of its path', () => {
    const base = write('base.yaml', 'database:\n  host: base\n  name: x\nartifacts: { s3: { bucket: base } }\n');
    const file = write('a.yaml', 'extends: base.yaml\ndatabase:\n  port: 1\n');
    const { locate } = loadEnvironment(file);
    const place = (...path: string[]) => locate({ path, message: 'm' });
    expect(place('database', 'port')).toBe(`${file}:3:3 database.port: m`);
    expect(place('database', 'name')).toBe(`${base}:3:3 database.name: m`);
    expect(place('database', 'tls', 'ca')).toBe(`${file}:2:1 database.tls.ca: m`);
    expect(place('artifacts', 's3', 'bucket')).toBe(`${base}:4:20 artifacts.s3.bucket: m`);
    expect(place()).toBe(`${file}:1:1 m`);
  });

  test('names files as it was named itself: relative to the working directory, or whole', () => {
    const file = write('a.yaml', 'extends: base.yaml\n');
    const base = write('base.yaml', 'nmae: x\n');
    const line = (path: string) => loadEnvironment(path).issues.find((issue) => issue.includes('nmae'));
    expect(line(file)?.startsWith(`${base}:1:1 `)).toBe(true);
  });
});

describe('what is generated from the model', () => {
  const files = generatedFiles();

  test.each([...files.keys()])('%s is committed as it would be generated', (name) => {
    expect(readFileSync(join(ROOT, name), 'utf8')).toBe(files.get(name));
  });

  test('describes every key', () => {
    const schema = JSON.parse(files.get('schema/environment.schema.json') ?? '{}') as JsonSchema;
    const undescribed = (node: JsonSchema, path: string): string[] => [
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
        ...(child.description?.trim() ? [] : [`${path}.${key}`]),
        ...undescribed(child, `${path}.${key}`),
      ]),
      ...(node.items ? undescribed(node.items, `${path}[]`) : []),
    ];
    expect(Object.keys(schema.properties ?? {}).length).toBeGreaterThan(10);
    expect(undescribed(schema, '')).toEqual([]);
  });

  test('knows no other keys in any section, and requires nothing of a base', () => {
    const nodes = (value: unknown): JsonSchema[] =>
      isRecord(value)
        ? [value, ...Object.values(value).flatMap(nodes)]
        : Array.isArray(value)
          ? value.flatMap(nodes)
          : [];
    const [environment, base] = ['environment', 'base'].map((name) =>
      JSON.parse(files.get(`schema/${name}.schema.json`) ?? '{}'),
    );
    expect(
      nodes(environment).filter(
        ({ properties, additionalProperties }) =>
          isRecord(properties) && properties.title === undefined && additionalProperties !== false,
      ),
    ).toEqual([]);
    expect(nodes(base).filter(({ required }) => Array.isArray(required))).toEqual([]);
  });
});

describe.each(readdirSync(join(ROOT, 'environments')))('the environment %s', (name) => {
  const file = join(ROOT, 'environments', name, 'environment.yaml');

  test('is valid', () => {
    expect(loadEnvironment(file).issues).toEqual([]);
  });

  test('tells editors where its schema is', () => {
    const [first = ''] = readFileSync(file, 'utf8').split('\n');
    const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? '';
    expect(join(dirname(file), path)).toBe(join(ROOT, 'schema', 'environment.schema.json'));
  });
});

/** True when each type takes every value of the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

test('the declared input type, which carries the comments, is that of the model', () => {
  // The compiler says it; at run time there is nothing left to compare.
  const same: Same<EnvironmentInput, z.input<typeof environment>> = true;
  expect(same).toBe(true);
});

describe('database.host', () => {
  const issuesOf = (host: string) =>
    parseEnvironment({ ...SMALLEST, database: { host } }).issues.map(({ path }) => path.join('.'));

  test.each(['db', 'db.example.com', 'postgres.db.svc.cluster.local', '192.168.1.100', 'fd00::5', '::1', 'my_db'])(
    'takes %s',
    (host) => expect(issuesOf(host)).toEqual([]),
  );

  test.each([
    'db:5432',
    'cafe:5432',
    ':::',
    'a..b',
    '300.1.1.1',
    '',
    '-a',
    'a b',
    'http://db',
    'db/x',
    '[::1]',
    '$(X)',
  ])('refuses %p', (host) => expect(issuesOf(host)).toEqual(['database.host']));
});

test.each(['/tmp', '/programs/x', '/etc', '/var/run/secrets', '/lib64', '/dev/shm', '/usr/lib'])(
  'nothing is mounted over %s',
  (mountPath) => {
    const { issues } = parseEnvironment({ ...SMALLEST, storage: { data: { mountPath } } });
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['storage.data.mountPath']);
  },
);
