import { POD_SETTINGS } from '../../../lib/components/shared/pod-settings';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { OWN_STORES } from '../../support/embedded-fixtures';
import { objectsOf, PROGRAMS, podsOf, SMALLEST } from '../../support/support';

/** Every setting that is for several pods, in every pod: those that it is for have it, and no other. */

const KEY = 'app.kubernetes.io/component';
const all: EnvironmentInput = {
  ...OWN_STORES,
  secrets: { provider: 'generated' },
  monitoring: { metrics: {} },
  garbageCollection: {},
  smokeTest: { enabled: true },
  backup: { destination: { s3: { bucket: 'backups', endpoint: 'http://minio.minio.svc:9000' } }, verification: {} },
};
const of = (more: EnvironmentInput) => objectsOf({ ...all, ...more }, PROGRAMS);

/** Containers that run no program of MLflow's image with its clients. */
const OTHERS = ['postgresql-client', 'metrics'];

/** The roles whose containers have something: all of the containers of a pod, except those above. */
const rolesWith = (more: EnvironmentInput, has: (container: object) => boolean) => [
  ...new Set(
    podsOf(of(more)).flatMap(({ labels, containers }) => {
      const having = containers.filter(has).map(({ name }) => name);
      const wanted = containers.map(({ name }) => name).filter((name) => !OTHERS.includes(name));
      if (having.length > 0) expect([labels[KEY], having]).toEqual([labels[KEY], wanted]);
      return having.length > 0 ? [labels[KEY] ?? ''] : [];
    }),
  ),
];

/** The roles whose policies let out to a block. */
const rolesLetOut = (more: EnvironmentInput, cidr: string) =>
  of(more)
    .filter(({ kind, spec }) => kind === 'NetworkPolicy' && JSON.stringify(spec).includes(cidr))
    .map(({ metadata }) => metadata.labels?.[KEY]);

const HAVING: Readonly<Record<keyof typeof POD_SETTINGS, () => unknown[]>> = {
  'server.env': () => rolesWith({ server: { env: { MARK: 'x' } } }, (each) => JSON.stringify(each).includes('"MARK"')),
  'server.envFrom': () =>
    rolesWith({ server: { envFrom: [{ secret: 'marked' }] } }, (each) => JSON.stringify(each).includes('"marked"')),
  'networkPolicy.egress': () => rolesLetOut({ networkPolicy: { egress: [{ cidr: '10.9.8.0/24' }] } }, '10.9.8.0/24'),
};

test.each(Object.keys(POD_SETTINGS) as (keyof typeof POD_SETTINGS)[])('%s is for the pods of its roles', (setting) => {
  expect(HAVING[setting]().toSorted()).toEqual([...POD_SETTINGS[setting]].toSorted());
});

test.each(['nodeSelector', 'tolerations', 'priorityClassName'])('server.%s is for every pod', (key) => {
  const server = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' as const }],
    priorityClassName: 'high',
  };
  const pods = podsOf(of({ server }));
  expect(pods.length).toBeGreaterThan(6);
  for (const { spec } of pods) expect(spec).toHaveProperty(key);
});

describe('a proxy', () => {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

  test.each(
    names.flatMap(
      (name) =>
        [
          [name, 'http://10.9.8.7:3128'],
          [name, '10.9.8.7:3128'],
        ] as const,
    ),
  )('%s=%s is let out by every policy that needs it', (name, value) => {
    expect(rolesLetOut({ server: { env: { [name]: value } } }, '10.9.8.7/32').toSorted()).toEqual(
      [...POD_SETTINGS['server.env']].toSorted(),
    );
  });

  /** What the containers list as reached without the proxy. */
  type Env = NonNullable<NonNullable<EnvironmentInput['server']>['env']>;
  const exceptions = (env: Env, name = 'NO_PROXY') => [
    ...new Set(
      podsOf(of({ server: { env }, clusterDomain: 'k8s.example' })).flatMap(({ containers }) =>
        containers.flatMap((each) => each.env?.filter((given) => given.name === name).map(({ value }) => value) ?? []),
      ),
    ),
  ];
  const own = 'localhost,127.0.0.1,::1,.svc,.k8s.example';

  test.each(names)('%s is not asked for what is in the cluster', (name) => {
    expect(exceptions({ [name]: 'http://proxy:3128' })).toEqual([expect.stringContaining(own)]);
  });

  test.each(names)('%s from a Secret is not asked for what is in the cluster either', (name) => {
    const proxy = { [name]: { secret: 'proxy', key: 'url' } };
    expect(exceptions(proxy)).toEqual([expect.stringContaining(own)]);
    expect(exceptions({ ...proxy, no_proxy: 'a.example' }, 'no_proxy')[0]).toMatch(/^a\.example,localhost,/);
    // What the list lacks is unknown, and a second one would be ignored.
    const list = { configMap: 'proxy', key: 'exceptions' };
    expect(exceptions({ ...proxy, NO_PROXY: list })).toEqual([undefined]);
    expect(exceptions({ ...proxy, no_proxy: list })).toEqual([]);
  });

  test('keeps the exceptions that are given, under their name', () => {
    const given = { HTTPS_PROXY: 'http://proxy:3128' };
    expect(exceptions({ ...given, NO_PROXY: 'a.example, .svc' })[0]).toMatch(/^a\.example,\.svc,localhost,/);
    expect(exceptions({ ...given, no_proxy: 'a.example' }, 'no_proxy')[0]).toMatch(/^a\.example,localhost,/);
    expect(exceptions({ ...given, no_proxy: 'a.example' })).toEqual([]);
    expect(exceptions({ ...given, NO_PROXY: '*' })).toEqual(['*']);
  });

  test('is the only reason for exceptions', () => {
    expect(exceptions({ MARK: 'x' })).toEqual([]);
    expect(exceptions({ HTTPS_PROXY: '' })).toEqual([]);
  });
});

test('a variable that may be set for the server may be set with a backup of the artifacts too', () => {
  const input = {
    ...SMALLEST,
    server: { env: { AWS_DEFAULT_REGION: 'eu-west-9' } },
    backup: { destination: { s3: { bucket: 'backups', region: 'us-east-1' } }, artifacts: true },
  };
  const regions = podsOf(objectsOf(input)).flatMap(({ containers }) =>
    containers.flatMap(({ env = [] }) => env.filter(({ name }) => name.endsWith('AWS_DEFAULT_REGION'))),
  );
  const values = (name: string) => [...new Set(regions.flatMap((each) => (each.name === name ? each.value : [])))];
  expect(values('AWS_DEFAULT_REGION')).toEqual(['eu-west-9']);
  expect(values('BACKUP_AWS_DEFAULT_REGION')).toEqual(['us-east-1']);
});
