import { destinationsIn } from '../../../lib/components/shared/contributions/destinations';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { type End, letsOut } from '../../support/policies';
import { objectsOf } from '../../support/support';

/** An environment with every pod that connects to something, and addresses of which none is that of a case. */
const ALL_PODS: EnvironmentInput = {
  image: { tag: 'v3.18.0-full' },
  database: { host: '192.0.2.1' },
  artifacts: { access: 'direct', s3: { bucket: 'artifacts', endpoint: 'http://192.0.2.2:9000' } },
  garbageCollection: {},
  smokeTest: { enabled: true },
  backup: { destination: { s3: { bucket: 'copies', endpoint: 'http://192.0.2.3:9000' } }, artifacts: true },
  secrets: { provider: 'generated' },
};

const withOption = (name: string, uri: string) => ({ ...ALL_PODS, server: { options: { [name]: uri } } });
const withVariable = (name: string, url: string) => ({ ...ALL_PODS, server: { env: { [name]: url } } });
const withStore = (host: string, port: number) => ({
  ...ALL_PODS,
  artifacts: { access: 'direct' as const, s3: { bucket: 'artifacts', endpoint: `http://${host}:${port}` } },
});

/** Every key that holds an address, the pods that connect to it, and the environment that names a host in it. */
const KEYS: readonly (readonly [
  key: string,
  components: readonly string[],
  naming: (host: string, port: number) => EnvironmentInput,
])[] = [
  [
    'database.host',
    ['server', 'backup', 'garbage-collection'],
    (host, port) => ({ ...ALL_PODS, database: { host: host.replace(/^\[|\]$/g, ''), port } }),
  ],
  ['artifacts.s3.endpoint', ['server', 'backup', 'garbage-collection', 'smoke-test'], withStore],
  [
    'backup.destination.s3.endpoint',
    ['backup'],
    (host, port) => ({
      ...ALL_PODS,
      backup: { destination: { s3: { bucket: 'copies', endpoint: `http://${host}:${port}` } } },
    }),
  ],
  ...['registry-store-uri', 'workspace-store-uri', 'read-replica-backend-store-uri'].map(
    (option) =>
      [
        `server.options.${option}`,
        ['server'],
        (host: string, port: number) =>
          withOption(option, `postgresql+psycopg2://${host}:${port}/more?sslmode=require`),
      ] as const,
  ),
  ...(['sidecars', 'initContainers'] as const).map(
    (key) =>
      [
        `server.${key}[].env`,
        ['server'],
        (host: string, port: number) => ({
          ...ALL_PODS,
          server: {
            [key]: [{ name: 'own', image: 'own/image:1.0.0', env: [{ name: 'URL', value: `http://${host}:${port}` }] }],
          },
        }),
      ] as const,
  ),
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'HTTPS_PROXY'].map(
    (name) =>
      [
        `server.env.${name}`,
        ['server', 'garbage-collection', 'smoke-test', 'backup'],
        (host: string, port: number) => withVariable(name, `http://${host}:${port}/v1`),
      ] as const,
  ),
];

const EVERY_COMPONENT = ['server', 'backup', 'garbage-collection', 'smoke-test', 'secret-generator'];
const outside = '203.0.113.7';

/** Hosts, and where a connection to port 4000 of each may end: a Service's pods on another port, too. */
const HOSTS: readonly (readonly [host: string, ends: readonly End[], never: readonly End[]])[] = [
  [
    'store',
    [{ namespace: 'mlflow', port: 8080 }],
    [
      { namespace: 'store', port: 4000 },
      { address: outside, port: 4000 },
    ],
  ],
  [
    'store.rook-ceph',
    [
      { namespace: 'rook-ceph', port: 8080 },
      { address: outside, port: 4000 },
    ],
    [{ address: outside, port: 8080 }],
  ],
  ...['', '.cluster.local', '.cluster.local.', '.k8s.example.org'].map(
    (domain) =>
      [
        `store.rook-ceph.svc${domain}`,
        [
          { namespace: 'rook-ceph', port: 8080 },
          { namespace: 'rook-ceph', port: 4000 },
        ],
        [
          { namespace: 'rook-ceph', port: 8080, protocol: 'UDP' },
          { address: outside, port: 4000 },
        ],
      ] as const,
  ),
  ['Store.Rook-Ceph.SVC', [{ namespace: 'rook-ceph', port: 8080 }], [{ address: outside, port: 4000 }]],
  ['store-0.store.rook-ceph.svc', [{ namespace: 'rook-ceph', port: 8080 }], [{ namespace: 'store', port: 4000 }]],
  ...['example.com', 'example.net', 'store.example.com', 'store.rook-ceph.example'].map(
    (name) =>
      [
        name,
        [{ address: outside, port: 4000 }],
        [
          { namespace: 'com', port: 4000 },
          { namespace: 'net', port: 4000 },
          { namespace: 'rook-ceph', port: 4000 },
          { address: '169.254.169.254', port: 4000 },
        ],
      ] as const,
  ),
  [
    '192.168.1.9',
    [{ address: '192.168.1.9', port: 4000 }],
    [
      { address: '192.168.1.8', port: 4000 },
      { address: '192.168.1.9', port: 4001 },
    ],
  ],
  ['[fd00::9]', [{ address: 'fd00::9', port: 4000 }], [{ address: 'fd00::8', port: 4000 }]],
];

describe.each(KEYS)('%s', (_, components, naming) => {
  test.each(HOSTS)('names %s: its pods connect to it, and no others', (host, ends, never) => {
    const objects = objectsOf({ ...naming(host, 4000), clusterDomain: 'k8s.example.org' });
    const reached = EVERY_COMPONENT.flatMap((component) =>
      [...ends, ...never].filter((end) => letsOut(objects, component, end)).map((end) => ({ component, end })),
    );
    const expected = EVERY_COMPONENT.filter((component) => components.includes(component)).flatMap((component) =>
      ends.map((end) => ({ component, end })),
    );
    expect(reached).toEqual(expected);
  });

  test('names a Service whose pods listen on ports that the environment knows', () => {
    const networkPolicy = { egress: [{ namespace: 'rook-ceph', ports: [8080] }] };
    const objects = objectsOf({ ...naming('store.rook-ceph.svc', 4000), networkPolicy });
    for (const component of components) {
      const to = (port: number) => letsOut(objects, component, { namespace: 'rook-ceph', port });
      expect([component, to(8080), to(4000), to(9090)]).toEqual([component, true, true, false]);
    }
  });
});

test('a pod connects to itself without a rule', () => {
  const objects = objectsOf(withVariable('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://localhost:4318'));
  expect(objects).toEqual(expect.arrayContaining(objectsOf(ALL_PODS).filter(({ kind }) => kind === 'NetworkPolicy')));
});

test.each<[string, string]>([
  ['http://a.example.com', 'a.example.com:80'],
  ['HTTPS://user:p%40ss@a.example.com/path?host=b#c', 'a.example.com:443'],
  ['postgresql:///registry', ''],
  ['postgresql://db.example.com/registry', 'db.example.com:6000'],
  ['postgresql+psycopg2://u@one:5433,two/registry', 'one:5433 two:6000'],
  ['postgresql+psycopg2:///registry?host=db.example.com&port=5434', 'db.example.com:5434'],
  ['postgresql+psycopg2:///registry?host=one:5433&host=two', 'one:5433 two:6000'],
  ['postgresql:///registry?host=/run/postgresql', ''],
  ['mysql+pymysql://db.example.com/registry', 'db.example.com:3306'],
  ['mssql+pyodbc://db.example.com/registry', 'db.example.com:1433'],
  ['redis://cache.example.com/0', 'cache.example.com:6379'],
  ['rediss://:p@[fd00::1]:6380/0', 'fd00::1:6380'],
  ['grpc://otel.example.com:4317', 'otel.example.com:4317'],
  ['s3://bucket/path', ''],
  ['sqlite:////data/registry.db', ''],
  ['file:///data/models', ''],
  ['databricks', ''],
  ['http://$(HOST):80', ''],
  ['', ''],
])('%s names %s', (url, expected) => {
  const found = destinationsIn(url, { postgresql: 6000 });
  expect(found.map(({ host, port }) => `${host}:${port}`).join(' ')).toBe(expected);
});

describe('DNS', () => {
  test.each<[EnvironmentInput['networkPolicy'], End, boolean]>([
    [{}, { namespace: 'kube-system', port: 53 }, true],
    [{}, { address: '169.254.20.10', port: 53 }, true],
    [{}, { namespace: 'openshift-dns', port: 5353 }, false],
    [{ dns: [{ namespace: 'openshift-dns', port: 5353 }] }, { namespace: 'openshift-dns', port: 5353 }, true],
    [{ dns: [{ namespace: 'openshift-dns', port: 5353 }] }, { namespace: 'openshift-dns', port: 53 }, false],
    [{ dns: [{ namespace: 'openshift-dns', port: 5353 }] }, { namespace: 'kube-system', port: 53 }, false],
    [{ dns: [{ cidr: '10.43.0.10/32' }] }, { address: '10.43.0.10', port: 53 }, true],
    [{ dns: [{ cidr: '10.43.0.10/32' }, { namespace: 'dns', port: 1053 }] }, { namespace: 'dns', port: 53 }, false],
  ])('with %j, of every pod that connects to anything: %j %s', (networkPolicy, end, isAllowed) => {
    const objects = objectsOf({ ...ALL_PODS, networkPolicy });
    for (const component of EVERY_COMPONENT) {
      for (const protocol of ['TCP', 'UDP'] as const) {
        expect([component, protocol, letsOut(objects, component, { ...end, protocol })]).toEqual([
          component,
          protocol,
          isAllowed,
        ]);
      }
    }
  });
});
