import { describePorts } from '../../../lib/synth/graph/ports';
import { graph, object, pod } from './objects';

test.each([
  ['without a label', { key: 'x', operator: 'DoesNotExist' }, '!x'],
  ['without a value', { key: 'x', operator: 'NotIn', values: ['y'] }, 'x notin (y)'],
  ['with any value', { key: 'app', operator: 'Exists' }, 'app'],
  ['with one of several values', { key: 'app', operator: 'In', values: ['a', 'z'] }, 'app in (a,z)'],
])('a peer by pods %s is more than the pods of the output that it selects', (_, expression, text) => {
  const policy = object(
    'NetworkPolicy',
    'p',
    { podSelector: {}, ingress: [{ from: [{ podSelector: { matchExpressions: [expression] } }] }] },
    'networking.k8s.io/v1',
  );
  const { nodes, edges } = graph([object('Deployment', 'a', { template: pod() }), policy]);
  const clients = nodes.find(({ kind }) => kind === 'clients');
  expect(clients?.title).toBe(`namespace one: ${text}`);
  expect(edges.map(({ from, to }) => [from, to])).toContainEqual([clients?.id, 'Deployment one/a']);
});

describe('an arrow for the ports of a policy', () => {
  const serving = (...targets: number[]) => [
    object('Deployment', 'a', { template: pod() }),
    object(
      'Service',
      's',
      { selector: { app: 'a' }, ports: targets.map((targetPort, index) => ({ port: 80 + index, targetPort })) },
      'v1',
    ),
  ];
  const policy = (ports: readonly object[]) =>
    object('NetworkPolicy', 'p', { podSelector: {}, ingress: [{ ports }] }, 'networking.k8s.io/v1');
  const SERVICE = 'Service one/s';
  const PODS = 'Deployment one/a';

  test.each<[what: string, targets: number[], ports: object[], arrows: [to: string, ports: string][]]>([
    ['one', [8080], [{ port: 8080 }], [[SERVICE, 'TCP 80']]],
    ['neighbours', [8080, 8081], [{ port: 8080 }, { port: 8081 }], [[SERVICE, 'TCP 80–81']]],
    [
      'a neighbour of one',
      [8080],
      [{ port: 8080 }, { port: 8081 }],
      [
        [PODS, 'TCP 8081'],
        [SERVICE, 'TCP 80'],
      ],
    ],
    [
      'a range around them',
      [8080, 8090],
      [{ port: 8000, endPort: 9000 }],
      [
        [PODS, 'TCP 8000–8079, 8081–8089, 8091–9000'],
        [SERVICE, 'TCP 80–81'],
      ],
    ],
    ['every port of the protocol, which stays whole', [8080], [{ protocol: 'TCP' }], [[PODS, 'any TCP port']]],
    ['others', [8080], [{ port: 9090 }], [[PODS, 'TCP 9090']]],
  ])('ends at the Service for what it leads to: %s', (_, targets, ports, arrows) => {
    const { edges } = graph([...serving(...targets), policy(ports)]);
    const drawn = edges.filter(({ kind, from }) => kind === 'connects' && from === 'anything ingress');
    expect(drawn.map((edge) => [edge.to, describePorts(edge.ports)])).toEqual(arrows);
  });
});
