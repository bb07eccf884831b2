import fc from 'fast-check';
import { graphOf } from '../../../lib/synth/graph/build';
import type { Manifest } from '../../../lib/synth/manifest';
import { sampleSize } from '../../support/sample-size';
import { podsOf } from '../../support/support';
import { admitsStrangers, hasPort, isAllowed, isShown, isShownTo, nodeOf, probesOf, rulesOf } from './connections';

/** Policies in every form that Kubernetes has, which environments need not have: patches and objects of users may. */

const LABELS = [{ app: 'a' }, { app: 'b' }, { app: 'b', tier: 'x' }, {}] as const;
const NAMESPACES = ['one', 'two'] as const;

const selector = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...LABELS).map((matchLabels) => ({ matchLabels })),
  fc
    .constantFrom(
      { key: 'app', operator: 'In', values: ['a'] },
      { key: 'app', operator: 'In', values: ['a', 'b'] },
      { key: 'app', operator: 'NotIn', values: ['a'] },
      { key: 'tier', operator: 'Exists' },
      { key: 'tier', operator: 'DoesNotExist' },
    )
    .map((expression) => ({ matchExpressions: [expression] })),
);

const namespaceSelector = fc.constantFrom(
  {},
  { matchLabels: { 'kubernetes.io/metadata.name': 'one' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } },
  { matchLabels: { team: 'ml' } },
  { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
);

const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector }),
  fc.record({ namespaceSelector, podSelector: selector }),
  fc.constantFrom({ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }),
);

const port = fc.constantFrom<object>(
  { port: 5000 },
  { port: 5000, protocol: 'UDP' },
  { port: 'http' },
  { port: 'dns', protocol: 'UDP' },
  { port: 80, endPort: 5001 },
  { protocol: 'TCP' },
  { port: 9000, protocol: 'SCTP' },
);

const some = <T>(items: fc.Arbitrary<T>) => fc.option(fc.array(items, { maxLength: 2 }), { nil: undefined });

const policy = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.constantFrom(undefined, [], ['Ingress'], ['Egress'], ['Ingress', 'Egress']),
    ingress: some(fc.record({ from: some(peer), ports: some(port) })),
    egress: some(fc.record({ to: some(peer), ports: some(port) })),
  },
  { requiredKeys: ['podSelector', 'policyTypes', 'ingress', 'egress'] },
);

/** Those of another group restrict nothing that the graph knows. */
const group = fc.constantFrom(...Array(4).fill('networking.k8s.io/v1'), 'projectcalico.org/v3');

const workload = fc.record({
  kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod'),
  namespace: fc.constantFrom(...NAMESPACES),
  labels: fc.constantFrom(...LABELS),
  port: fc.constantFrom(5000, 5001, 80),
  hostNetwork: fc.constantFrom(false, false, false, true),
});

const service = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  selector: fc.constantFrom(...LABELS),
  targetPort: fc.constantFrom(5000, 5001, 'http', undefined),
  clusterIP: fc.constantFrom('None', undefined),
});

const API_VERSIONS: Readonly<Record<string, string>> = { Job: 'batch/v1', CronJob: 'batch/v1', Pod: 'v1' };

const objects = fc
  .record({
    workloads: fc.array(workload, { minLength: 1, maxLength: 4 }),
    policies: fc.array(fc.tuple(fc.constantFrom(...NAMESPACES), group, policy), { maxLength: 5 }),
    services: fc.array(service, { maxLength: 3 }),
    hasTeam: fc.boolean(),
  })
  .map(({ workloads, policies, services, hasTeam }): Manifest[] => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'two', ...(hasTeam ? { labels: { team: 'ml' } } : {}) } },
    ...workloads.map(({ kind, namespace, labels, port: containerPort, hostNetwork }, index) => {
      const ports = [
        { name: 'http', containerPort },
        { name: 'dns', containerPort: 53, protocol: 'UDP' },
      ];
      const pod = { ...(hostNetwork ? { hostNetwork } : {}), containers: [{ name: 'main', ports }] };
      const template = { metadata: { labels }, spec: pod };
      const specs: Readonly<Record<string, object>> = { Pod: pod, CronJob: { jobTemplate: { spec: { template } } } };
      const metadata = { name: `w${index}`, namespace, ...(kind === 'Pod' ? { labels } : {}) };
      return { apiVersion: API_VERSIONS[kind] ?? 'apps/v1', kind, metadata, spec: specs[kind] ?? { template } };
    }),
    ...policies.map(([namespace, apiVersion, spec], index) => ({
      apiVersion,
      kind: 'NetworkPolicy',
      metadata: { name: `p${index}`, namespace },
      spec,
    })),
    ...services.map(({ namespace, targetPort, clusterIP, ...spec }, index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `s${index}`, namespace },
      spec: { ...spec, ...(clusterIP ? { clusterIP } : {}), ports: [{ name: 'http', port: 5000, targetPort }] },
    })),
  ]);

test('the graph of any policies shows exactly the connections between pods that they allow', () => {
  fc.assert(
    fc.property(objects, (given) => {
      const graph = graphOf('any', given, 'cluster.local');
      const pods = podsOf(given);
      for (const from of pods) {
        for (const to of pods) {
          if (nodeOf(from, graph) === nodeOf(to, graph)) continue;
          for (const probe of probesOf(given)) {
            const shown = isShown(graph, from, to, probe, given);
            const ends = [from.owner.metadata.name, to.owner.metadata.name, probe];
            expect([...ends, shown]).toEqual([...ends, isAllowed(from, to, probe, given)]);
          }
        }
      }
    }),
    { numRuns: sampleSize(150, 2000) },
  );
});

test('the graph of any policies shows who else may connect to the pods', () => {
  fc.assert(
    fc.property(objects, (given) => {
      const graph = graphOf('any', given, 'cluster.local');
      const pods = podsOf(given);
      const others = graph.nodes.filter(({ kind }) => ['clients', 'anything'].includes(kind));
      for (const pod of pods) {
        const rules = rulesOf(pod, 'ingress', given);
        for (const probe of probesOf(given)) {
          const admitting = (rules ?? []).filter((rule) => hasPort(rule, probe, pod));
          const admits =
            rules === undefined ||
            admitting.some(
              ({ peers, namespace }) =>
                peers.length === 0 || peers.some((each) => admitsStrangers(each, namespace, pods, given)),
            );
          const shown = others.some(({ id }) => isShownTo(graph, id, pod, probe, given));
          expect([pod.owner.metadata.name, probe, shown]).toEqual([pod.owner.metadata.name, probe, admits]);
        }
      }
    }),
    { numRuns: sampleSize(600, 4000) },
  );
});

test('the order of objects changes nothing', () => {
  fc.assert(
    fc.property(objects, (given) => {
      const turned = graphOf('any', given.toReversed(), 'cluster.local');
      expect(turned.edges.map(({ from, to, kind, ports }) => ({ from, to, kind, ports }))).toEqual(
        graphOf('any', given, 'cluster.local').edges.map(({ from, to, kind, ports }) => ({ from, to, kind, ports })),
      );
    }),
    { numRuns: sampleSize(50, 500) },
  );
});
