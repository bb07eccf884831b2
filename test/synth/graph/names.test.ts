import { graphOf } from '../../../lib/synth/graph/build';
import { toMermaid } from '../../../lib/synth/graph/mermaid';
import { toSvg } from '../../../lib/synth/graph/svg/svg';
import type { Manifest } from '../../../lib/synth/manifest';

/** An output of one pod, whose policy lets it out to some peers. */
function objectsWith(
  env: Readonly<Record<string, string>>,
  peers: readonly object[],
  ports?: readonly object[],
): Manifest[] {
  const metadata = { namespace: 'one' };
  const containers = [{ name: 'main', env: Object.entries(env).map(([name, value]) => ({ name, value })) }];
  const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'pod' }, spec: { containers, volumes } },
    { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, name: 'own' }, spec: { ports: [{ port: 80 }] } },
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { ...metadata, name: 'edge' } },
      spec: { rules: [{ host: 'mlflow.example.com' }] },
    },
    {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, name: 'settings' } },
      data: { 'settings.yaml': 'issuer: "https://sso.example.com/realms"', 'code.py': '# https://docs.example.com' },
    },
    {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { ...metadata, name: 'policy' } },
      spec: { policyTypes: ['Egress'], egress: [{ to: peers, ports }] },
    },
  ];
}

const ANYWHERE = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];
const inNamespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const tcp = (port: number) => [{ port, protocol: 'TCP' }];
const ANY = 'allowed: any address outside the cluster';

describe('a destination is called what the settings of the pods call it', () => {
  test.each<
    [
      what: string,
      env: Record<string, string>,
      peers: readonly object[],
      ports: readonly object[] | undefined,
      text: readonly string[],
    ]
  >([
    [
      'S3 of AWS by its region, and what gives its keys',
      { A: 's3://bucket/folder', AWS_DEFAULT_REGION: 'eu-west-1', AWS_ROLE_ARN: 'arn:aws:iam::1:role/a' },
      ...([
        ANYWHERE,
        tcp(443),
        ['s3.eu-west-1.amazonaws.com', 'sso.example.com', 'sts.eu-west-1.amazonaws.com', ANY],
      ] as const),
    ],
    [
      'no S3 of AWS if another store is named',
      { A: 's3://bucket', AWS_DEFAULT_REGION: 'eu-west-1', MLFLOW_S3_ENDPOINT_URL: 'http://10.1.2.3:9000' },
      ...([ANYWHERE, tcp(443), ['sso.example.com', ANY]] as const),
    ],
    [
      'Google Cloud Storage',
      { A: 'gs://bucket', GOOGLE_APPLICATION_CREDENTIALS: '/key.json' },
      ...([ANYWHERE, tcp(443), ['oauth2.googleapis.com', 'sso.example.com', 'storage.googleapis.com', ANY]] as const),
    ],
    ['a host of libpq', { PGHOST: 'db.example.com' }, ANYWHERE, tcp(5432), ['db.example.com', ANY]],
    [
      'with a port of its own',
      { PGHOST: 'db.example.com', PGPORT: '6432' },
      ANYWHERE,
      tcp(6432),
      ['db.example.com', ANY],
    ],
    ['but on no other', { PGHOST: 'db.example.com' }, ANYWHERE, tcp(6432), ['any address outside the cluster']],
    [
      'several, and one of a file, but no program',
      { A_URL: 'https://s3.example.com/x', B: 'grpc+tls https://otel.example.com' },
      ...([ANYWHERE, tcp(443), ['otel.example.com', 's3.example.com', 'sso.example.com', ANY]] as const),
    ],
    [
      'a URL with a login',
      { A: 'http://user:hunter2@proxy.example.com:3128' },
      ANYWHERE,
      tcp(3128),
      ['proxy.example.com', ANY],
    ],
    [
      'an address',
      { A: 'http://10.1.2.3:9000' },
      [{ ipBlock: { cidr: '10.1.0.0/16' } }],
      tcp(9000),
      ['10.1.2.3', 'allowed: 10.1.0.0/16'],
    ],
    [
      'the address itself',
      { A: 'http://10.1.2.3:9000' },
      [{ ipBlock: { cidr: '10.1.2.3/32' } }],
      tcp(9000),
      ['10.1.2.3'],
    ],
    [
      'no address that is excepted',
      { A: 'http://10.1.2.3:9000' },
      ...([
        [{ ipBlock: { cidr: '10.1.0.0/16', except: ['10.1.2.0/24'] } }],
        tcp(9000),
        ['10.1.0.0/16 (except 10.1.2.0/24)'],
      ] as const),
    ],
    [
      'a Service, on any port',
      { A: 'http://minio.minio.svc:9000' },
      [inNamespace('minio')],
      undefined,
      ['minio.minio.svc', 'allowed: namespace minio'],
    ],
    [
      'no Service of another namespace',
      { A: 'http://minio.minio.svc:9000' },
      [inNamespace('two')],
      undefined,
      ['namespace two'],
    ],
    ['no Service of the output', { A: 'http://own:80' }, [inNamespace('one')], undefined, ['namespace one']],
    [
      'not the pod itself',
      { A: 'http://127.0.0.1:80 http://localhost:80' },
      ANYWHERE,
      tcp(80),
      ['any address outside the cluster'],
    ],
    [
      'no host at which clients reach the output',
      { A: 'https://mlflow.example.com:80' },
      ANYWHERE,
      tcp(80),
      ['any address outside the cluster'],
    ],
    [
      'nor one that clients name',
      { MLFLOW_SERVER_ALLOWED_HOSTS: 'http://x.example.com' },
      ANYWHERE,
      tcp(80),
      ['any address outside the cluster'],
    ],
    [
      'DNS by its port',
      {},
      [inNamespace('kube-system')],
      [...tcp(53), { port: 53, protocol: 'UDP' }],
      ['DNS', 'namespace kube-system'],
    ],
  ])('%s', (_, env, peers, ports, text) => {
    const graph = graphOf('any', objectsWith(env, peers, ports), 'cluster.local');
    expect(
      graph.nodes.filter(({ kind }) => kind === 'destination').map(({ title, lines }) => [title, ...lines]),
    ).toEqual([text]);
    for (const drawn of [toMermaid(graph), toSvg(graph)]) expect(drawn).not.toContain('hunter2');
  });
});

/** The boxes that pods connect to on port 443, with their variables. */
function boxesOf(pods: readonly Readonly<Record<string, string>>[], peers: readonly object[], addresses = {}) {
  const objects = pods.flatMap((env, index) =>
    objectsWith(env, peers, tcp(443)).map((object) => ({
      ...object,
      metadata: { ...object.metadata, namespace: `namespace-${index}` },
    })),
  );
  const { nodes, edges } = graphOf('any', objects, 'cluster.local', addresses);
  return pods.map((_, index) =>
    edges
      .filter(({ from }) => from === `Pod namespace-${index}/pod`)
      .flatMap(({ to }) => nodes.filter(({ id, kind }) => id === to && kind === 'destination'))
      .map(({ title, lines }) => [title, ...lines]),
  );
}

test('a box has the hosts of the pods that connect to it, and none of others on the same port', () => {
  const [one, other, both] = boxesOf(
    [{ A: 'https://a.example.com' }, {}, { A: 'https://a.example.com https://b.example.com' }],
    ANYWHERE,
  );
  expect(one).toEqual([['a.example.com', 'sso.example.com', ANY]]);
  expect(other).toEqual([['sso.example.com', ANY]]);
  expect(both).toEqual([['a.example.com', 'b.example.com', 'sso.example.com', ANY]]);
});

test('a host with addresses is there, and nowhere else', () => {
  const env = { A: 'https://a.example.com' };
  const addresses = { 'A.example.com.': ['10.20.0.0/16', 'fd00::/64'] };
  const narrow = ['10.20.0.0/16', 'fd00::/64'].map((cidr) => ({ ipBlock: { cidr } }));
  expect(boxesOf([env], narrow, addresses)).toEqual([
    [['a.example.com', 'allowed: 10.20.0.0/16', 'allowed: fd00::/64']],
  ]);
  expect(boxesOf([env], ANYWHERE, addresses)).toEqual([[['sso.example.com', ANY]]]);
  expect(boxesOf([env], narrow)).toEqual([[['10.20.0.0/16', 'fd00::/64']]]);
});
