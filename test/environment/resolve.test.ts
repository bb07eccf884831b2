import { serverCommand } from '../../lib/components/server/command';
import { evaluate } from '../../lib/environment/evaluate';
import type { EnvironmentInput } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import { formatUnlocated } from '../../lib/input/issue';
import { MLFLOW_IMAGE } from '../../lib/versions';
import { OWN_STORES } from '../support/embedded-fixtures';
import { resolution, resolved, SMALLEST } from '../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

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
      [/vulnerabilities/, /^image\.tag: is MLflow 3\.6\.0, which cannot upgrade users/],
    ],
    [
      'nothing of permissions that the release does not enforce: the start program does',
      {
        ...own('3.1.0'),
        auth: { defaultPermission: 'NO_PERMISSIONS', users: [{ name: 'a', permission: 'READ' }] },
      },
      [/vulnerabilities/],
    ],
    [
      'nothing of permissions from the release on that enforces them',
      { ...own('3.10.0'), auth: { defaultPermission: 'NO_PERMISSIONS' } },
      [/vulnerabilities/],
    ],
    [
      'nothing of permissions without a login',
      { ...own('3.9.0'), auth: { enabled: false, defaultPermission: 'NO_PERMISSIONS' } },
      [/vulnerabilities/],
    ],
    [
      'of a load balancer that browsers cannot use',
      { service: { type: 'LoadBalancer' } },
      [
        /^service\.type: .*refuses their requests, except at localhost \(set service\.loadBalancerIP/,
        /^service\.type: .*every address/,
      ],
    ],
    [
      'of a node port that browsers cannot use',
      { service: { type: 'NodePort' } },
      [
        /^service\.type: .*refuses their requests, except at localhost \(set service\.nodeAddresses/,
        /^service\.type: .*every address/,
      ],
    ],
    [
      'nothing of addresses when one is named',
      {
        service: { type: 'LoadBalancer' },
        server: { allowedHosts: ['mlflow.example.com'] },
        networkPolicy: { clients: { cidrs: ['192.168.1.0/24'] } },
      },
      [],
    ],
    [
      'of credentials that cannot be generated',
      { secrets: { provider: 'generated' } },
      [
        /^secrets\.provider: .*your PostgreSQL.* Secret mlflow-db-credentials$/,
        /^secrets\.provider: .*your object store.* Secret mlflow-s3-secret$/,
      ],
    ],
    [
      "of a database's credentials alone, by the name of their Secret",
      {
        ...OWN_STORES,
        database: { ...SMALLEST.database, credentials: { secret: 'db' } },
      },
      [/your PostgreSQL.* Secret db$/],
    ],
    [
      "of a store's credentials alone",
      { ...OWN_STORES, artifacts: SMALLEST.artifacts },
      [/your object store.* Secret mlflow-s3-secret$/],
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
  ['3.18.0-1', '3.1.0', 'mlflowVersion'],
  ['2026.11.23', undefined, 'image.tag'],
  ['latest', undefined, 'image.tag'],
])('the tag %s with mlflowVersion %s is refused at %s', (tag, mlflowVersion, place) => {
  const parsed = parseEnvironment({ ...SMALLEST, image: { repository: 'own/mlflow', tag }, mlflowVersion });
  const issues = parsed.environment ? resolve(parsed.environment).issues : [];
  expect(issues.map(({ path }) => path.join('.'))).toEqual([place]);
});

test('the connections of all Jobs are kept free, since they may run at once', () => {
  const enough = (more: EnvironmentInput) =>
    [...Array(200).keys()].find((maxConnections) => {
      const database = { host: 'postgres', maxConnections };
      return resolution({ ...SMALLEST, ...more, database }).environment !== undefined;
    }) ?? Number.NaN;
  const backup: EnvironmentInput = { backup: { destination: { claim: {} } } };
  const garbageCollection: EnvironmentInput = { garbageCollection: {} };
  const more = (input: EnvironmentInput) => enough(input) - enough({});
  expect(more(backup)).toBeGreaterThan(0);
  expect(more(garbageCollection)).toBeGreaterThan(0);
  expect(more({ ...backup, ...garbageCollection })).toBe(more(backup) + more(garbageCollection));
});

test.each([
  ['3.13.0', true, ['image.tag']],
  ['3.13.0', false, []],
  ['3.14.0', true, []],
])('the official image of %s with a login (%s) has issues at %j', (version, enabled, places) => {
  const { issues } = resolution({ ...SMALLEST, image: { tag: `v${version}-full` }, auth: { enabled } });
  expect(issues.map(({ path }) => path.join('.'))).toEqual(places);
});

test('one database will do for any release where nobody logs in', () => {
  const image = { repository: 'registry.example.com/mlflow', tag: '3.5.1' };
  const database = { host: 'postgres', authName: 'mlflow' };
  expect(resolution({ ...SMALLEST, image, database, auth: { enabled: false } }).issues).toEqual([]);
});

// What, an environment with it, a release that cannot, one that can, and what the issue says.
test.each<[string, EnvironmentInput, string, string, RegExp]>([
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
    /^auth\.users\[1\]\.permission: is READ, but with MLflow 3\.13\.0 every user .* is EDIT \(lower that, or raise this\)$/,
  ],
  [
    'one database for both schemas',
    { database: { host: 'postgres', authName: 'mlflow' } },
    '3.5.1',
    '3.6.0',
    /^database\.authName: .*MLflow 3\.5\.1 .*\(use a separate database for users, or 3\.6\.0 or newer\)$/,
  ],
  [
    'gunicorn by an option',
    { server: { options: { 'gunicorn-opts': '--max-requests=1000' } } },
    '3.4.0',
    '3.2.0',
    /^server\.options\.gunicorn-opts: on MLflow 3\.4\.0 starts gunicorn instead of uvicorn.*\(use server\.options\.uvicorn-opts\)$/,
  ],
])('%s is refused where the release cannot', (_, input, cannot, can, message) => {
  const issue = new RegExp(message.source, 'm');
  const define = (version: string) =>
    evaluate({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...input });
  expect(define(cannot).issues.map(formatUnlocated).join('\n')).toMatch(issue);
  expect(define(can).environment?.release.version).toBe(can);
});

test.each<[string, EnvironmentInput['service'], string, string]>([
  ['nothing', {}, '0.0.0.0', '0.0.0.0'],
  ['IPv4', { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, '0.0.0.0', '0.0.0.0'],
  ['IPv6', { ipFamilies: ['IPv6'] }, '[::]', '::'],
  ['both', { ipFamilies: ['IPv4', 'IPv6'] }, '[::]', '::'],
  ['what is there', { ipFamilyPolicy: 'PreferDualStack' }, '[::]', '::'],
])('listens where a Service of %s leads', (_, service, gunicorn, uvicorn) => {
  expect(serverCommand(of('3.2.0', { service }))).toContain(`--host=${gunicorn}`);
  expect(serverCommand(of('3.3.2', { service }))).toContain(`--host=${uvicorn}`);
});
