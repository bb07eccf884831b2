import type { Graph } from '../../../lib/synth/graph/graph';
import { captionOf, edgeLabels } from '../../../lib/synth/graph/labels';
import type { Manifest } from '../../../lib/synth/manifest';
import { objectsOf, SMALLEST } from '../../support/support';
import { graph, object, pod } from './objects';

/** A node as a reader sees it. */
const textOf = (given: Graph, id: string): string | undefined =>
  given.nodes
    .filter((node) => node.id === id)
    .map((node) => [captionOf(node), node.title, ...node.lines].join(' | '))[0];

const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const gateway = 'gateway.networking.k8s.io/v1';

describe('the text of a node', () => {
  test.each<[what: string, objects: readonly Manifest[], id: string, text: string]>([
    [
      'a Deployment with a native sidecar',
      [
        object('Deployment', 'a', {
          replicas: 3,
          template: pod({ initContainers: [{ name: 'first' }, { name: 'proxy', restartPolicy: 'Always' }] }),
        }),
      ],
      'Deployment one/a',
      'Deployment | a | init: first | runs: main, proxy | 3 pods',
    ],
    [
      'one that is scaled, with a budget',
      [
        object('Deployment', 'a', { template: pod() }),
        object('HorizontalPodAutoscaler', 'a', {
          ...{
            minReplicas: 2,
            maxReplicas: 5,
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' },
          },
        }),
        object('PodDisruptionBudget', 'a', { minAvailable: '50%', selector: { matchLabels: { app: 'a' } } }),
      ],
      'Deployment one/a',
      'Deployment | a | runs: main | 2–5 pods, autoscaled | evictions: at least 50% available',
    ],
    [
      'a DaemonSet',
      [object('DaemonSet', 'a', { template: pod() })],
      'DaemonSet one/a',
      'DaemonSet | a | runs: main | a pod on each node',
    ],
    [
      'a CronJob',
      [
        object(
          'CronJob',
          'a',
          { schedule: '0 1 * * *', timeZone: 'Etc/UTC', jobTemplate: { spec: { template: pod() } } },
          'batch/v1',
        ),
      ],
      'CronJob one/a',
      'CronJob | a | runs: main | 0 1 * * * (Etc/UTC)',
    ],
    [
      'a suspended one',
      [
        object(
          'CronJob',
          'a',
          { schedule: '@daily', suspend: true, jobTemplate: { spec: { template: pod() } } },
          'batch/v1',
        ),
      ],
      'CronJob one/a',
      'CronJob | a | runs: main | suspended',
    ],
    [
      'Jobs with the same pods',
      ['b', 'a'].map((each) => object('Job', each, { template: pod() }, 'batch/v1')),
      'Job one/a',
      '2 Jobs | a | b | runs: main',
    ],
    [
      'a pod on the network of its node',
      [object('Pod', 'a', { containers: [{ name: 'main' }], hostNetwork: true }, 'v1')],
      'Pod one/a',
      'Pod | a | runs: main | on the network of its node',
    ],
    [
      'a LoadBalancer',
      [
        object(
          'Service',
          'a',
          {
            ...{ type: 'LoadBalancer', loadBalancerIP: '10.0.0.1', loadBalancerSourceRanges: ['10.0.0.0/8'] },
            ports: [{ port: 80, nodePort: 30_080 }],
          },
          'v1',
        ),
      ],
      'Service one/a',
      'Service (LoadBalancer), TCP 80 | a | address 10.0.0.1 | node port 30080 | only from 10.0.0.0/8',
    ],
    [
      'another name',
      [object('Service', 'a', { type: 'ExternalName', externalName: 'db.example.com' }, 'v1')],
      'Service one/a',
      'Service (ExternalName) | a | another name of db.example.com',
    ],
    [
      'a claim',
      [object('PersistentVolumeClaim', 'a', { ...CLAIM, storageClassName: 'fast' }, 'v1')],
      'PersistentVolumeClaim one/a',
      'PersistentVolumeClaim | a | 1Gi, ReadWriteOnce | fast',
    ],
    [
      'a claim of a template',
      [
        object('StatefulSet', 'a', {
          template: pod(),
          volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: CLAIM }],
        }),
      ],
      'PersistentVolumeClaim one/data-a',
      'PersistentVolumeClaim | data-a | one for each pod | 1Gi, ReadWriteOnce',
    ],
    [
      'a claim that something else creates',
      [
        object('Deployment', 'a', {
          template: pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'b' } }] }),
        }),
      ],
      'PersistentVolumeClaim one/b',
      'PersistentVolumeClaim | b | not in the output',
    ],
    [
      'a route at a Gateway elsewhere',
      [
        object(
          'HTTPRoute',
          'a',
          { hostnames: ['a.example.com'], parentRefs: [{ name: 'g', namespace: 'two' }] },
          gateway,
        ),
      ],
      'HTTPRoute one/a',
      'HTTPRoute | a | a.example.com | at Gateway two/g',
    ],
    [
      'a Gateway',
      [object('Gateway', 'g', { gatewayClassName: 'traefik', listeners: [{ hostname: '*.example.com' }] }, gateway)],
      'Gateway one/g',
      'Gateway (traefik) | g | *.example.com',
    ],
  ])('of %s', (_, objects, id, text) => {
    expect(textOf(graph(objects), id)).toBe(text);
  });
});

describe('two workloads with the same labels and ports are two boxes with their own facts', () => {
  const cronJob = (name: string, more: object) =>
    object('CronJob', name, { schedule: '0 1 * * *', jobTemplate: { spec: { template: pod() } }, ...more }, 'batch/v1');
  const deployment = (name: string, more: object, of: object = {}) =>
    object('Deployment', name, { template: pod(of), ...more });
  const scaled = object('HorizontalPodAutoscaler', 'b', {
    ...{ minReplicas: 2, maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'b' } },
  });

  test.each<[what: string, objects: readonly Manifest[]]>([
    ['schedule', [cronJob('a', {}), cronJob('b', { schedule: '0 5 * * 0' })]],
    ['time zone', [cronJob('a', {}), cronJob('b', { timeZone: 'Etc/UTC' })]],
    ['suspension', [cronJob('a', {}), cronJob('b', { suspend: true })]],
    ['replicas', [deployment('a', { replicas: 1 }), deployment('b', { replicas: 2 })]],
    ['autoscaler', [deployment('a', {}), deployment('b', {}), scaled]],
    ['init containers', [deployment('a', {}), deployment('b', {}, { initContainers: [{ name: 'first' }] })]],
    [
      'sidecars',
      [deployment('a', {}), deployment('b', {}, { initContainers: [{ name: 's', restartPolicy: 'Always' }] })],
    ],
    ['network', [deployment('a', {}), deployment('b', {}, { hostNetwork: true })]],
  ])('that differ in their %s', (_, objects) => {
    for (const name of ['a', 'b']) {
      const [first] = objects;
      const id = `${first?.kind} one/${name}`;
      const alone = objects.filter(({ kind, metadata }) => kind !== first?.kind || metadata.name === name);
      expect(textOf(graph(objects), id)).toBe(textOf(graph(alone), id));
    }
  });
});

test('a Gateway of the output leads to its routes', () => {
  const objects = [
    object('Gateway', 'g', { gatewayClassName: 'traefik' }, gateway),
    object('HTTPRoute', 'a', { parentRefs: [{ name: 'g' }] }, gateway),
  ];
  expect(graph(objects).edges).toEqual([{ from: 'Gateway one/g', to: 'HTTPRoute one/a', kind: 'leads', ports: [] }]);
});

test('without policies, everything may connect to everything, and it shows', () => {
  const given = graph(objectsOf({ ...SMALLEST, networkPolicy: { enabled: false } }));
  const labelOf = edgeLabels(given);
  const open = given.edges.filter(({ isOpen }) => isOpen).map((edge) => [edge.from, edge.to, labelOf(edge)]);
  expect(open).toEqual([
    ['Deployment mlflow/mlflow', expect.stringMatching(/^anything egress /), ''],
    ['anything ingress', 'Deployment mlflow/mlflow', 'any port'],
  ]);
  expect(given.nodes.filter(({ kind }) => ['clients', 'destination'].includes(kind))).toEqual([]);
});
