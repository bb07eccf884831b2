import fc from 'fast-check';
import { parseEnvironment } from '../../lib/environment/parse';
import { randomEnvironment } from '../arbitraries/environment';
import { SMALLEST } from '../support/support';

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

test.each([
  [{ server: { allowedHosts: ['mlflow.$DOMAIN'] } }, 'server.allowedHosts.0'],
  [{ server: { corsAllowedOrigins: ['https://mlflow.$(DOMAIN)'] } }, 'server.corsAllowedOrigins.0'],
  [{ name: '$NAME' }, 'name'],
  [{ database: { host: '$HOST' } }, 'database.host'],
  [{ image: { tag: '$TAG' } }, 'image.tag'],
  [{ artifacts: { s3: { bucket: '$BUCKET', endpoint: 'http://$HOST' } } }, 'artifacts.s3.bucket'],
  [{ namespace: { name: 'team-$USER' } }, 'namespace.name'],
])('%j is told that no variable is replaced', (given, path) => {
  const { issues } = parseEnvironment({ ...SMALLEST, ...given });
  expect(issues.find((issue) => issue.path.join('.') === path)?.message).toBe(
    'contains $, but synth replaces no variables (write the value itself)',
  );
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

describe('a number or quantity that is out of bounds', () => {
  test.each<[object, string]>([
    [{ server: { replicas: Number.POSITIVE_INFINITY } }, 'server.replicas: is Infinity (must be a finite number)'],
    [{ server: { replicas: Number.NaN } }, 'server.replicas: is NaN (must be a finite number)'],
    [{ server: { replicas: 1e20 } }, 'server.replicas: is 100000000000000000000 (must be at most 100)'],
    [{ server: { replicas: 1.5 } }, 'server.replicas: is 1.5 (must be a whole number)'],
    [{ networkPolicy: { dns: [] } }, 'networkPolicy.dns: is empty (use at least 1, or remove the key)'],
    [
      { gateway: { host: 'a.b', controller: 'traefik', parentRefs: [] } },
      'gateway.parentRefs: is empty (use at least 1)',
    ],
    [
      { networkPolicy: { addresses: { 'db.example.com': [] } } },
      'networkPolicy.addresses.db.example.com: is empty (list its blocks, or remove the host)',
    ],
    [{ storage: { data: { size: '100Ki' } } }, 'storage.data.size: is invalid (must be at least 1Mi, such as 10Gi)'],
    [{ storage: { data: { size: 'big' } } }, 'storage.data.size: is invalid (must be a quantity such as 10Gi)'],
    [
      { server: { resources: { limits: { cpu: '0.0001' } } } },
      'server.resources.limits.cpu: is invalid (must be at least 1m, such as 500m or 2)',
    ],
    [
      { server: { temporaryStorage: 0 } },
      'server.temporaryStorage: is invalid (must be at least 1Mi, such as 512Mi or 16Gi)',
    ],
    [
      { server: { temporaryStorage: `${'9'.repeat(400)}Gi` } },
      'server.temporaryStorage: is invalid (must be a quantity such as 512Mi or 16Gi)',
    ],
    [
      { server: { resources: { limits: { cpu: '9'.repeat(308) } } } },
      'server.resources.limits.cpu: is invalid (must be a quantity such as 500m or 2)',
    ],
    [
      { artifacts: { s3: { bucket: 'models', endpoint: 'http://a b' } } },
      'artifacts.s3.endpoint: is invalid (must be http:// or https://, a host, a port and, if the store needs it, a path, such as http://minio.minio.svc.cluster.local:9000)',
    ],
  ])('is one issue that says which: %j', (more, line) => {
    const { issues } = parseEnvironment({ ...SMALLEST, ...more });
    expect(issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([line]);
  });
});
