import fc from 'fast-check';
import { databaseUri, serverCommand } from '../../lib/components/server/command';
import { connectionPool, fewestConnections } from '../../lib/components/server/connections';
import { healthPath, stopCommand } from '../../lib/components/server/lifecycle';
import { prepareVariables } from '../../lib/components/server/variables/prepare';
import { serverVariables } from '../../lib/components/server/variables/server';
import { allowedHosts, corsAllowedOrigins } from '../../lib/components/service/hosts';
import { defineEnvironment } from '../../lib/environment/define';
import type { AuthInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import type { Variable } from '../../lib/kubernetes/variables';
import { checkOptions } from '../../lib/mlflow/options';
import {
  compareReleases,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  release,
  releaseNumber,
  releaseOfTag,
} from '../../lib/mlflow/releases';
import { MLFLOW_IMAGE } from '../../lib/versions';
import { OPTIONS, RELEASES, takesOption } from '../arbitraries/environment';
import { OWN_STORES } from '../support/fixtures';
import { resolved, SMALLEST } from '../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

/** The seed's addresses. */
const SEED: EnvironmentInput = {
  service: { type: 'LoadBalancer', nodePort: 30800, nodeAddresses: ['192.168.1.85'], loadBalancerIP: '192.168.1.201' },
};

const byName = (variables: readonly Variable[]) =>
  Object.fromEntries(
    variables.map((given) => [given.name, 'value' in given ? given.value : `${given.secret}/${given.key}`]),
  );

describe('releases', () => {
  test('are compared by their numbers and not by their letters', () => {
    const shuffled = ['3.10.0', '3.2.0', '3.1.0', '10.0.0', '3.9.12', '3.9.2', '3.18.0'];
    expect(shuffled.toSorted(compareReleases)).toEqual([
      '3.1.0',
      '3.2.0',
      '3.9.2',
      '3.9.12',
      '3.10.0',
      '3.18.0',
      '10.0.0',
    ]);
    expect(compareReleases('3.1.0', '3.1.0')).toBe(0);
  });

  test('are all that is between the oldest and the newest', () => {
    for (const version of RELEASES.slice(0, -1)) {
      expect(compareReleases(version, OLDEST_RELEASE)).toBeGreaterThanOrEqual(0);
      expect(compareReleases(version, NEWEST_RELEASE)).toBeLessThanOrEqual(0);
    }
    expect(releaseOfTag(MLFLOW_IMAGE.tag)).toBe(NEWEST_RELEASE);
  });

  test.each([
    ['3.1.0-4', '3.1.0'],
    ['v3.18.0-full', '3.18.0'],
    ['v3.18.0', '3.18.0'],
    ['3.10.1', '3.10.1'],
    ['3.18.0rc1', '3.18.0'],
    ['3.10', undefined],
    ['3.1.0.1', undefined],
    ['latest', undefined],
    ['mlflow-3.1.0', undefined],
    ['vv3.1.0', undefined],
  ])('are read from a tag: %s is %s', (tag, version) => {
    expect(releaseOfTag(tag)).toBe(version);
  });

  test.each(['3.1', '3.1.0-4', 'v3.1.0', '', '3.1.x'])('are not %j', (text) => {
    expect(() => releaseNumber(text)).toThrow(RangeError);
  });

  test('that are newer than any tested one are rendered like it, with a warning', () => {
    const { environment: given } = parseEnvironment({ ...SMALLEST, image: { tag: 'v3.99.0-full' } });
    const { environment, issues, warnings } = given ? resolve(given) : { issues: [], warnings: [] };
    expect(issues).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toContain('3.99.0');
    const newest = serverCommand(of('3.18.0'));
    expect(environment && serverCommand(environment)).toEqual(newest);
  });

  test('with which no cache of passwords works are met with a warning', () => {
    const warned = (version: string, cacheSeconds: number) => {
      const given = parseEnvironment({
        ...SMALLEST,
        image: { repository: 'own', tag: version },
        auth: { cacheSeconds },
      }).environment;
      return given ? resolve(given).warnings.some(({ path }) => path.join('.') === 'auth.cacheSeconds') : undefined;
    };
    expect(['3.2.0', '3.4.0', '3.11.1', '3.12.0'].map((version) => warned(version, 60))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(warned('3.4.0', 0)).toBe(false);
  });
});

describe('the command line', () => {
  test('of 3.1.0 starts the server with basic authentication and artifacts through it', () => {
    expect(serverCommand(of('3.1.0'))).toEqual([
      'mlflow',
      'server',
      '--host=0.0.0.0',
      '--port=5000',
      '--workers=2',
      '--backend-store-uri=postgresql+psycopg2:///mlflow',
      '--serve-artifacts',
      '--artifacts-destination=s3://artifacts',
      '--app-name=basic-auth',
    ]);
  });

  test('is the same for 3.18.0: what is new there is set by variables, which others ignore', () => {
    expect(serverCommand(of('3.18.0', SEED))).toEqual(serverCommand(of('3.1.0')));
  });

  test('follows the environment', () => {
    const command = serverCommand(
      of('3.18.0', {
        auth: { enabled: false },
        artifacts: { access: 'direct', s3: { bucket: 'abc', prefix: 'a/b' } },
        database: { host: 'x', name: 'ü x' },
        server: {
          workers: 7,
          staticPrefix: '/mlflow',
          options: { 'enable-workspaces': true, 'secrets-cache-ttl': 60 },
        },
        monitoring: { metrics: {} },
      }),
    );
    expect(command.slice(4)).toEqual([
      '--workers=7',
      '--backend-store-uri=postgresql+psycopg2:///ü x',
      '--no-serve-artifacts',
      '--default-artifact-root=s3://abc/a/b',
      '--static-prefix=/mlflow',
      '--expose-prometheus=/run/mlflow-metrics',
      '--enable-workspaces',
      '--secrets-cache-ttl=60',
    ]);
  });

  test('names the driver of the database and its name, and nothing else of it', () => {
    expect(databaseUri('some-name')).toBe('postgresql+psycopg2:///some-name');
  });
});

describe('options', () => {
  test('are taken from the release on that brought them, to that from which on they harm', () => {
    for (const [name, { value }] of Object.entries(OPTIONS)) {
      for (const version of RELEASES) {
        const issues = checkOptions({ [name]: value }, release(version));
        const isTaken = takesOption(version, name as keyof typeof OPTIONS);
        expect([name, version, issues.length]).toEqual([name, version, isTaken ? 0 : 1]);
      }
    }
  });

  test.each([
    ['enable-workspaces', false],
    ['enable-workspaces', 'yes'],
    ['dev', true],
    ['artifacts-only', true],
    ['secrets-cache-ttl', '0x64'],
    ['registry-store-uri', 'postgresql://user:$(PGPASSWORD)@db/x'],
    ['registry-store-uri', 'postgresql://user:word@db/x'],
    ['registry-store-uri', 'postgresql+psycopg2:///$(X)'],
    ['x-frame-options', ''],
    ['x-frame-options', true],
    ['secrets-cache-ttl', 9],
    ['secrets-cache-ttl', 301],
    ['secrets-cache-ttl', 'x'],
    ['secrets-cache-ttl', 10.5],
    ['secrets-cache-ttl', true],
    ['--dev', true],
    ['gunicorn_opts', 'x'],
    ['backend-store-uri', 'postgresql://user:password@host/x'],
    ['constructor', 1],
  ])('%s: %s is refused', (name, value) => {
    expect(checkOptions({ [name]: value }, release('3.18.0'))).toHaveLength(1);
  });
});

describe('the variables of the server', () => {
  const common = {
    HOME: '/tmp',
    MLFLOW_DB_USERNAME: 'mlflow-db-credentials/username',
    MLFLOW_DB_PASSWORD: 'mlflow-db-credentials/password',
    PGHOST: 'postgres',
    PGPORT: '5432',
    PGUSER: '$(MLFLOW_DB_USERNAME)',
    PGPASSWORD: '$(MLFLOW_DB_PASSWORD)',
    PGSSLMODE: 'prefer',
    AWS_ACCESS_KEY_ID: 'mlflow-s3-secret/AWS_ACCESS_KEY_ID',
    AWS_SECRET_ACCESS_KEY: 'mlflow-s3-secret/AWS_SECRET_ACCESS_KEY',
    AWS_DEFAULT_REGION: 'us-east-1',
    MLFLOW_AUTH_CONFIG_PATH: '/tmp/auth_config_resolved.ini',
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'mlflow-basic-auth/MLFLOW_FLASK_SERVER_SECRET_KEY',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_LOGGING_LEVEL: 'INFO',
  };

  test('of 3.1.0 tune gunicorn for long transfers, and remember passwords by our module', () => {
    const variables = byName(serverVariables(of('3.1.0')));
    expect(variables).toMatchObject({
      ...common,
      PGAPPNAME: 'mlflow-server/3.1.0',
      MLFLOW_AUTH_CACHE_TTL_SECONDS: '60',
      PYTHONPATH: '/programs/server',
    });
    expect(variables.GUNICORN_CMD_ARGS?.split(' ').toSorted()).toEqual([
      '--graceful-timeout=50',
      '--keep-alive=75',
      '--log-level=info',
      '--threads=8',
      '--timeout=300',
      '--worker-class=gthread',
      '--worker-tmp-dir=/dev/shm',
    ]);
    expect(Object.keys(variables).filter((name) => /^(UVICORN|MLFLOW_SERVER)_/.test(name))).toEqual([]);
  });

  test('of 3.18.0 tune uvicorn, turn jobs off, and say which hosts and origins are allowed', () => {
    const variables = byName(serverVariables(of('3.18.0', SEED)));
    expect(variables).toMatchObject({
      ...common,
      PGAPPNAME: 'mlflow-server/3.18.0',
      UVICORN_ACCESS_LOG: 'false',
      UVICORN_LOG_LEVEL: 'info',
      UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: '50',
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'http://192.168.1.201:5000,http://192.168.1.85:30800',
    });
    expect(variables.MLFLOW_SERVER_ALLOWED_HOSTS?.split(',')).toContain('192.168.1.201:*');
    for (const name of ['GUNICORN_CMD_ARGS', 'PYTHONPATH', 'MLFLOW_AUTH_CACHE_TTL_SECONDS'])
      expect(variables).not.toHaveProperty(name);
  });

  test('end in time: requests get the grace period less what draining and leaving take', () => {
    const seconds = (gracePeriod: number) =>
      byName(serverVariables(of('3.18.0', { server: { gracePeriod } }))).UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN;
    expect([10, 11, 60, 600].map(seconds)).toEqual(['1', '1', '50', '590']);
  });

  test('lose to those of the environment file, which come last in their order', () => {
    const variables = serverVariables(
      of('3.18.0', { server: { env: { B: '1', MLFLOW_LOGGING_LEVEL: 'WARN', A: '$(B)' } } }),
    );
    expect(variables.slice(-3)).toEqual([
      { name: 'B', value: '1' },
      { name: 'MLFLOW_LOGGING_LEVEL', value: 'WARN' },
      { name: 'A', value: '$(B)' },
    ]);
    expect(variables.filter(({ name }) => name === 'MLFLOW_LOGGING_LEVEL')).toHaveLength(1);
  });

  test('hold no checksum settings for AWS itself, and lenient ones for other stores', () => {
    const checksum = (endpoint?: string) =>
      byName(serverVariables(of('3.18.0', { artifacts: { s3: { bucket: 'b'.repeat(3), endpoint } } })));
    expect(checksum()).not.toHaveProperty('AWS_REQUEST_CHECKSUM_CALCULATION');
    expect(checksum()).not.toHaveProperty('MLFLOW_S3_ENDPOINT_URL');
    expect(checksum('http://minio:9000/')).toMatchObject({
      MLFLOW_S3_ENDPOINT_URL: 'http://minio:9000',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    });
  });
});

test('the preparing program learns what to make, and gets the administrator that the server does not', () => {
  const environment = of('3.18.0', {
    database: { host: 'x', create: true, migration: 'check', timeout: 60 },
    artifacts: { s3: { bucket: 'abc', createBucket: true } },
  });
  expect(byName(prepareVariables(environment))).toMatchObject({
    PGAPPNAME: 'mlflow-prepare',
    PREPARE_TRACKING_DATABASE: 'mlflow',
    PREPARE_AUTH_DATABASE: 'mlflow_auth',
    PREPARE_MIGRATE: 'check',
    PREPARE_TIMEOUT: '60',
    PREPARE_CREATE_DATABASES: 'true',
    PREPARE_BUCKET: 'abc',
    PREPARE_CREATE_BUCKET: 'true',
    PREPARE_ADMIN_USERNAME: '$(MLFLOW_TRACKING_USERNAME)',
    PREPARE_ADMIN_PASSWORD: '$(MLFLOW_TRACKING_PASSWORD)',
    PREPARE_AUTH_CACHE_SECONDS: '60',
  });
  const server = byName(serverVariables(environment));
  for (const name of ['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD']) expect(server).not.toHaveProperty(name);
});

test('the preparing program alone learns of declared users, their logins from their Secrets', () => {
  const users: AuthInput['users'] = [
    { name: 'notebooks', permission: 'EDIT' },
    { name: 'CI', permission: 'MANAGE', secret: 'ci', usernameKey: 'user', passwordKey: 'pass' },
  ];
  const environment = of('3.18.0', { name: 'ml', auth: { users } });
  const found = Object.entries(byName(prepareVariables(environment))).filter(([name]) => /^PREPARE_USER_/.test(name));
  expect(Object.fromEntries(found)).toEqual({
    PREPARE_USER_0_NAME: 'notebooks',
    PREPARE_USER_0_PERMISSION: 'EDIT',
    PREPARE_USER_0_USERNAME: 'ml-user-notebooks/MLFLOW_TRACKING_USERNAME',
    PREPARE_USER_0_PASSWORD: 'ml-user-notebooks/MLFLOW_TRACKING_PASSWORD',
    PREPARE_USER_1_NAME: 'CI',
    PREPARE_USER_1_PERMISSION: 'MANAGE',
    PREPARE_USER_1_USERNAME: 'ci/user',
    PREPARE_USER_1_PASSWORD: 'ci/pass',
  });
  expect(JSON.stringify(serverVariables(environment))).not.toContain('USER_0');
});

describe('the end of a pod and its probes', () => {
  test.each([
    ['3.1.0', true],
    ['3.9.0', true],
    ['3.10.0', false],
    ['3.18.0', false],
  ])('%s: the children must be ended: %s', (version, children) => {
    expect(stopCommand(of(version).release).slice(0, 3)).toEqual(['python', '/programs/server/stop.py', '5']);
    expect(stopCommand(of(version).release).includes('--terminate-children')).toBe(children);
  });

  test.each([
    ['3.1.0', undefined, '/health'],
    ['3.18.0', undefined, '/health'],
    ['3.1.0', '/mlflow', '/health'],
    ['3.6.0', '/mlflow', '/health'],
    ['3.7.0', '/mlflow', undefined],
    ['3.18.0', '/mlflow', undefined],
  ])('%s below the prefix %s is asked at %s', (version, staticPrefix, path) => {
    expect(healthPath(of(version, { server: { staticPrefix } }))).toBe(path);
  });
});

/** Whether MLflow lets a Host header in: an entry with a star is a pattern of Python's fnmatch, any other is exact. */
const letsIn = (entries: readonly string[], host: string) =>
  entries.some((entry) => (entry.includes('*') ? fnmatch(entry).test(host) : entry === host));

function fnmatch(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    // A set ends at the first closing bracket that is not its first member; without one the bracket is itself.
    const end = pattern.indexOf(']', at + (pattern[at + 1] === '!' ? 3 : 2));
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[' && end > 0) {
      const members = pattern
        .slice(at + 1, end)
        .replaceAll('\\', '\\\\')
        .replace(/^!/, '^')
        .replace(/^\[/, '\\[');
      source += `[${members}]`;
      at = end;
    } else source += character.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 's');
}

describe('allowed hosts', () => {
  test('are matched here as Python matches them', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['[[]fd00:*', '[fd00::1]:5000', true],
      ['[[]fd00:*', 'fd00::1', false],
      ['fd00:*', '[fd00::1]', false],
      ['[::1]:*', '[::1]:80', false],
      ['[::1]:*', '::80', true],
      ['[::1]:*', '[:80', false],
      ['[!a]*', 'b', true],
      ['[!a]*', 'a', false],
      ['a?c*', 'abcd', true],
      ['a.c*', 'abc', false],
      ['[x*', '[x1', true],
    ];
    for (const [pattern, text, matched] of cases)
      expect([pattern, text, fnmatch(pattern).test(text)]).toEqual([pattern, text, matched]);
  });

  const environment = of('3.18.0', {
    service: { ...SEED.service, nodeAddresses: ['192.168.1.85', '2001:db8::85'], loadBalancerIP: '203.0.113.7' },
    server: { allowedHosts: ['mlflow.example.com', 'other.example.com:8443', '*.dev.example.com', '2001:db8::99'] },
  });
  const hosts = allowedHosts(environment);

  test.each([
    'mlflow',
    'mlflow:5000',
    'mlflow.mlflow',
    'mlflow.mlflow:5000',
    'mlflow.mlflow.svc',
    'mlflow.mlflow.svc:80',
    'mlflow.mlflow.svc.cluster.local',
    'mlflow.mlflow.svc.cluster.local:5000',
    'localhost',
    'localhost:5311',
    '127.0.0.1:5000',
    '[::1]',
    '[::1]:5000',
    '10.244.1.7:5000',
    '172.16.0.9:5000',
    '172.31.255.1',
    '192.168.49.2:30500',
    '[fd00:10::5]:5000',
    '[fc00::1]',
    '203.0.113.7',
    '203.0.113.7:5000',
    '[2001:db8::85]:30800',
    'mlflow.example.com',
    'mlflow.example.com:8080',
    'other.example.com:8443',
    'a.dev.example.com',
    'a.dev.example.com:8080',
    '[2001:db8::99]',
    '[2001:db8::99]:5000',
  ])('let %s in', (host) => {
    expect(letsIn(hosts, host)).toBe(true);
  });

  test.each([
    '',
    'evil.example.com',
    'evil.example.com:5000',
    'mlflow.evil.com',
    'mlflow.mlflow.svc.cluster.local.evil.com',
    'xmlflow',
    'MLFLOW:5000',
    'notlocalhost',
    'localhost.evil.com',
    '172.15.0.1',
    '172.32.0.1:5000',
    '100.64.1.2:5000',
    '203.0.113.8:5000',
    '1203.0.113.7',
    '[2001:db8::86]:30800',
    '2001:db8::85',
    'fd00::1',
    'other.example.com',
    'other.example.com:80',
    'dev.example.com',
    'mlflow.example.com.evil.com',
    'localhost5000',
  ])('refuse %j', (host) => {
    expect(letsIn(hosts, host)).toBe(false);
  });

  test('hold no comma and no entry twice, for they are one variable', () => {
    expect(new Set(hosts).size).toBe(hosts.length);
    expect(hosts.filter((host) => /[,\s]/.test(host))).toEqual([]);
  });
});

describe('browser origins', () => {
  test.each<[string, EnvironmentInput, string[]]>([
    ['none for a Service of the cluster alone', {}, []],
    ['the load balancer and the nodes', SEED, ['http://192.168.1.201:5000', 'http://192.168.1.85:30800']],
    [
      "no port where it is the scheme's own",
      { service: { type: 'LoadBalancer', port: 80, loadBalancerIP: '192.168.1.201' } },
      ['http://192.168.1.201'],
    ],
    [
      'an IPv6 address in brackets',
      { service: { type: 'LoadBalancer', loadBalancerIP: '2001:db8::1' } },
      ['http://[2001:db8::1]:5000'],
    ],
    [
      'what the environment adds, once',
      { ...SEED, server: { corsAllowedOrigins: ['https://m.example.com', 'http://192.168.1.201:5000'] } },
      ['http://192.168.1.201:5000', 'http://192.168.1.85:30800', 'https://m.example.com'],
    ],
  ])('%s', (_, more, origins) => {
    expect(corsAllowedOrigins(of('3.18.0', more))).toEqual(origins);
  });
});

describe('connections', () => {
  const needs = fc.record({
    release: fc.constantFrom(release('3.1.0'), release('3.18.0')),
    maxConnections: fc.integer({ min: 10, max: 2000 }),
    pods: fc.integer({ min: 1, max: 20 }),
    workers: fc.integer({ min: 1, max: 16 }),
    threads: fc.integer({ min: 1, max: 64 }),
  });
  /** The worst case, from what was measured: three engines a worker, and three for the launcher. */
  const worst = ({ pods, workers }: { pods: number; workers: number }, each: number) => pods * (workers * 3 * each + 3);

  test('never exceed what the database has, and are refused only when the fewest would', () => {
    fc.assert(
      fc.property(needs, (given) => {
        const pool = connectionPool(given);
        expect(fewestConnections(given)).toBe(worst(given, 2));
        if (!pool) {
          expect(worst(given, 2)).toBeGreaterThan(given.maxConnections);
          return;
        }
        expect(pool.size).toBeGreaterThanOrEqual(1);
        expect(pool.overflow).toBeGreaterThanOrEqual(1);
        expect(worst(given, pool.size + pool.overflow)).toBeLessThanOrEqual(given.maxConnections);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('are as many as help: the threads of a gunicorn worker, ten under uvicorn', () => {
    const plenty = { maxConnections: 100_000, pods: 2, workers: 2, threads: 8 };
    expect(connectionPool({ ...plenty, release: release('3.1.0') })).toEqual({ size: 7, overflow: 1 });
    expect(connectionPool({ ...plenty, release: release('3.18.0') })).toEqual({ size: 9, overflow: 1 });
    expect(connectionPool({ ...plenty, threads: 1, release: release('3.1.0') })).toEqual({ size: 1, overflow: 1 });
  });

  test('fit the seed as it stands', () => {
    expect(connectionPool({ release: release('3.1.0'), maxConnections: 100, pods: 2, workers: 4, threads: 8 })).toEqual(
      { size: 2, overflow: 1 },
    );
  });
});

describe('what is left open in an environment follows', () => {
  test.each<[string, EnvironmentInput, number]>([
    ['the CPU limit', { server: { resources: { limits: { cpu: 3 } } } }, 3],
    ['the CPU limit rounded up', { server: { resources: { limits: { cpu: '1100m' } } } }, 2],
    ['what is set', { server: { workers: 1, resources: { limits: { cpu: 3 } } } }, 1],
  ])('workers from %s', (_, more, workers) => {
    expect(of('3.18.0', more).server.workers).toBe(workers);
  });

  test.each<[string, EnvironmentInput, string]>([
    ['no volume', {}, 'RollingUpdate'],
    ['a claim that nobody mounts', { storage: { data: {} } }, 'RollingUpdate'],
    ['a mounted claim of one node', { storage: { data: { mountPath: '/data' } } }, 'Recreate'],
    [
      'a mounted claim of many nodes',
      { storage: { data: { mountPath: '/data', accessMode: 'ReadWriteMany' } } },
      'RollingUpdate',
    ],
    ['what is set', { server: { rollout: 'Recreate' } }, 'Recreate'],
  ])('the rollout from %s', (_, more, rollout) => {
    expect(of('3.18.0', more).server.rollout).toBe(rollout);
  });

  test.each<[string, EnvironmentInput['image'], string]>([
    ['nothing', undefined, `ghcr.io/mlflow/mlflow:${MLFLOW_IMAGE.tag}`],
    ['a tag', { tag: 'v3.17.2-full' }, 'ghcr.io/mlflow/mlflow:v3.17.2-full'],
    [
      'tag and digest',
      { tag: 'v3.17.2-full', digest: `sha256:${'0'.repeat(64)}` },
      `ghcr.io/mlflow/mlflow:v3.17.2-full@sha256:${'0'.repeat(64)}`,
    ],
  ])('the image from %s', (_, image, reference) => {
    expect(resolved({ ...SMALLEST, image }).image.reference).toBe(reference);
  });

  test('the disk from the size of /tmp, with room for logs', () => {
    const { resources } = of('3.18.0', { server: { temporaryStorage: '1Gi' } }).server;
    expect(resources.requests['ephemeral-storage']).toBe('1280Mi');
    expect(resources.limits['ephemeral-storage']).toBe('1280Mi');
  });
});

test('what is not said about resources follows from the limits', () => {
  const { requests, limits } = of('3.18.0', { server: { resources: { limits: { cpu: '250m', memory: '1Gi' } } } })
    .server.resources;
  expect(requests).toEqual({ cpu: '250m', memory: '1Gi', 'ephemeral-storage': limits['ephemeral-storage'] });
  expect(of('3.18.0', {}).server.resources.requests).toMatchObject({ cpu: '500m', memory: '1536Mi' });
});

test('a large CPU limit does not start workers without end', () => {
  const server = { resources: { limits: { cpu: 80, memory: '64Gi' } } };
  expect(of('3.18.0', { server, database: { host: 'db', maxConnections: 10_000 } }).server.workers).toBe(64);
});

describe('warnings', () => {
  const warningsOf = (input: EnvironmentInput) => {
    const parsed = parseEnvironment({ ...SMALLEST, ...input });
    if (!parsed.environment) throw new Error(JSON.stringify(parsed.issues));
    return resolve(parsed.environment).warnings.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  const own = (tag: string) => ({ image: { repository: 'registry.example.com/mlflow', tag } });

  test.each<[string, EnvironmentInput, RegExp[]]>([
    ['nothing for the default', {}, []],
    ['of vulnerabilities', own('3.1.0'), [/^image\.tag: .*vulnerabilities/]],
    ['of an untested release', own('3.99.0'), [/^image\.tag: .*newer than any tested/]],
    [
      'of users that the release cannot take over',
      own('3.6.0'),
      [/vulnerabilities/, /^image\.tag: is MLflow 3\.6\.0, which cannot upgrade users/, /no effect/],
    ],
    ['of a cache that has no effect', own('3.11.1'), [/^auth\.cacheSeconds: .*no effect/]],
    [
      'of runs that a search shows to everybody',
      {
        ...own('3.5.1'),
        auth: {
          cacheSeconds: 0,
          users: [
            { name: 'a', permission: 'READ' },
            { name: 'b', permission: 'NO_PERMISSIONS' },
          ],
        },
      },
      [/vulnerabilities/, /^auth\.users\.1\.permission: does not hide runs on MLflow 3\.5\.1, .*\(3\.6\.0 or newer/],
    ],
    [
      'of a load balancer that browsers cannot use',
      { service: { type: 'LoadBalancer' } },
      [/^service\.type: .*loadBalancerIP/],
    ],
    ['of a node port that browsers cannot use', { service: { type: 'NodePort' } }, [/^service\.type: .*nodeAddresses/]],
    [
      'nothing of addresses when one is named',
      { service: { type: 'LoadBalancer' }, server: { allowedHosts: ['mlflow.example.com'] } },
      [],
    ],
    [
      'of credentials that cannot be generated',
      { secrets: { provider: 'generated' } },
      [
        /^secrets\.provider: .*a PostgreSQL of yours.* Secret mlflow-db-credentials$/,
        /^secrets\.provider: .*an object store of yours.* Secret mlflow-s3-secret$/,
      ],
    ],
    [
      "of a database's credentials alone, by the name of their Secret",
      {
        ...OWN_STORES,
        database: { ...SMALLEST.database, credentials: { secret: 'db' } },
      },
      [/a PostgreSQL of yours.* Secret db$/],
    ],
    [
      "of a store's credentials alone",
      { ...OWN_STORES, artifacts: SMALLEST.artifacts },
      [/an object store of yours.* Secret mlflow-s3-secret$/],
    ],
    [
      'nothing of Secrets that somebody else makes, nor of those that are generated',
      { secrets: { provider: 'existing' } },
      [],
    ],
  ])('%s', (_, input, wanted) => {
    const warnings = warningsOf(input);
    expect(warnings).toHaveLength(wanted.length);
    for (const [index, words] of wanted.entries()) expect(warnings[index]).toMatch(words);
  });
});

test.each([
  ...['PGHOST', 'PGUSER', 'PGPASSWORD', 'PGSSLMODE', 'PGSERVICE', 'MLFLOW_DB_USERNAME', 'MLFLOW_DB_PASSWORD'],
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'MLFLOW_S3_ENDPOINT_URL', 'MLFLOW_BACKEND_STORE_URI'],
  ...['MLFLOW_FLASK_SERVER_SECRET_KEY', 'MLFLOW_AUTH_CONFIG_PATH', 'MLFLOW_PORT', 'HOME', 'PREPARE_BUCKET'],
])('the variable %s is the own business of the server', (name) => {
  expect(() => of('3.18.0', { server: { env: { [name]: 'x' } } })).toThrow(`"${name}"`);
});

test('other variables reach the server and what prepares it alike', () => {
  const environment = of('3.18.0', { server: { env: { HTTPS_PROXY: 'http://proxy:3128', AWS_DEFAULT_REGION: 'x' } } });
  for (const variables of [serverVariables(environment), prepareVariables(environment)]) {
    expect(variables).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' });
    expect(variables.filter(({ name }) => name === 'AWS_DEFAULT_REGION')).toEqual([
      { name: 'AWS_DEFAULT_REGION', value: 'x' },
    ]);
  }
});

test.each([
  ['3.18.0-1', '3.1.0', 'mlflowVersion'],
  ['2026.11.23', undefined, 'image.tag'],
  ['latest', undefined, 'image.tag'],
])('the tag %s with mlflowVersion %s is refused at %s', (tag, mlflowVersion, place) => {
  const parsed = parseEnvironment({ ...SMALLEST, image: { repository: 'own/mlflow', tag }, mlflowVersion });
  const issues = parsed.environment ? resolve(parsed.environment).issues : [];
  expect(issues.map(({ path }) => path.join('.'))).toEqual([place]);
});

const dualStack: EnvironmentInput = { service: { ipFamilies: ['IPv4', 'IPv6'] }, server: { workers: 1 } };

// What, an environment with it, a release that cannot, one that can, and what the issue says.
test.each<[string, EnvironmentInput, string, string, RegExp]>([
  [
    'basic authentication',
    { auth: { enabled: true } },
    '3.3.2',
    '3.4.0',
    /^auth\.enabled: .*3\.4\.0 or newer, or 3\.2\.x/,
  ],
  [
    'a user with less than the default',
    {
      auth: {
        defaultPermission: 'EDIT',
        users: [
          { name: 'a', permission: 'EDIT' },
          { name: 'b', permission: 'READ' },
        ],
      },
    },
    '3.13.0',
    '3.12.0',
    /^auth\.users\[1\]\.permission: is READ, but MLflow 3\.13\.0 gives every user .* is EDIT \(lower that, or raise this\)$/,
  ],
  [
    'one database for both schemas',
    { database: { host: 'postgres', authName: 'mlflow' } },
    '3.5.1',
    '3.6.0',
    /^database\.authName: .*MLflow 3\.5\.1 .*\(give users a database of their own, or use 3\.6\.0 or newer\)$/,
  ],
  [
    'gunicorn by an option',
    { server: { options: { 'gunicorn-opts': '--max-requests=1000' } } },
    '3.4.0',
    '3.2.0',
    /^server\.options\.gunicorn-opts: on MLflow 3\.4\.0 starts gunicorn in place of uvicorn.*\(use server\.options\.uvicorn-opts\)$/,
  ],
  [
    'gunicorn by a variable',
    { server: { env: { MLFLOW_GUNICORN_OPTS: '--max-requests=1000' } } },
    '3.18.0',
    '3.1.0',
    /^server\.env\.MLFLOW_GUNICORN_OPTS: on MLflow 3\.18\.0 starts gunicorn/,
  ],
  ['two IP families with one worker', dualStack, '3.18.0', '3.2.0', /^server\.workers: is 1, .*\(raise it to 2, /],
])('%s is refused where the release cannot', (_, input, cannot, can, message) => {
  const issue = new RegExp(message.source, 'm');
  const define = (version: string) =>
    defineEnvironment({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...input });
  expect(() => define(cannot)).toThrow(issue);
  expect(define(can).release.version).toBe(can);
});

test.each<[string, EnvironmentInput['service'], string, string]>([
  ['nothing', {}, '0.0.0.0', '0.0.0.0'],
  ['IPv4', { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, '0.0.0.0', '0.0.0.0'],
  ['IPv6', { ipFamilies: ['IPv6'] }, '[::]', '::'],
  ['both', { ipFamilies: ['IPv4', 'IPv6'] }, '[::]', '::'],
  ['what is there', { ipFamilyPolicy: 'PreferDualStack' }, '[::]', '::'],
])('listens where a Service of %s leads', (_, service, gunicorn, uvicorn) => {
  expect(serverCommand(of('3.2.0', { service }))).toContain(`--host=${gunicorn}`);
  expect(serverCommand(of('3.3.2', { service, auth: { enabled: false } }))).toContain(`--host=${uvicorn}`);
});

test('starts two workers of uvicorn where one would listen on IPv6 alone, and one of gunicorn', () => {
  const oneCore = { resources: { limits: { cpu: 1 } } };
  const workers = (version: string, service: EnvironmentInput['service']) =>
    of(version, { service, server: oneCore, auth: { enabled: version !== '3.3.2' } }).server.workers;
  for (const service of [{ ipFamilies: ['IPv6' as const] }, { ipFamilyPolicy: 'PreferDualStack' as const }]) {
    expect(['3.2.0', '3.3.2', '3.18.0'].map((version) => workers(version, service))).toEqual([1, 2, 2]);
  }
  expect(workers('3.18.0', { ipFamilies: ['IPv4'] })).toBe(1);
});
