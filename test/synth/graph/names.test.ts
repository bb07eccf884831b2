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
