import { graphOf } from '../../../lib/synth/graph/build';
import type { Graph } from '../../../lib/synth/graph/graph';
import { holds, none, type Valid } from '../../properties/sample';
import { all, type MadePod, podsOf } from '../../support/support';
import { admitsStrangers, hasPort, isAllowed, isShown, isShownTo, nodeOf, probesOf, rulesOf } from './connections';

/** What holds for the graph of every environment. */

const graphs = new Map<Valid, Graph>();

function graphOfEnvironment(environment: Valid): Graph {
  const known = graphs.get(environment) ?? graphOf('any', environment.objects, environment.environment.clusterDomain);
  graphs.set(environment, known);
  return known;
}

describe('the graph of an environment', () => {
  holds('has a node for each workload, Service, route and claim, in its namespace', (environment) => {
    const graph = graphOfEnvironment(environment);
    for (const pod of podsOf(environment.objects)) nodeOf(pod, graph);
    const kinds = ['Service', 'PersistentVolumeClaim', 'Ingress', 'HTTPRoute', 'Route'];
    const missing = environment.objects
      .filter(({ kind }) => kinds.includes(kind))
      .filter(
        ({ kind, metadata }) => !graph.nodes.some(({ id }) => id === `${kind} ${metadata.namespace}/${metadata.name}`),
      );
    none(missing);
    none(graph.edges.filter(({ from, to }) => ![from, to].every((end) => graph.nodes.some(({ id }) => id === end))));
    expect(new Set(graph.nodes.map(({ id }) => id)).size).toBe(graph.nodes.length);
  });

  holds('shows exactly the connections between pods that the policies allow', (environment) => {
    const { objects } = environment;
    const graph = graphOfEnvironment(environment);
    const pods = podsOf(objects);
    const probes = probesOf(objects);
    for (const from of pods) {
      for (const to of pods) {
        if (nodeOf(from, graph) === nodeOf(to, graph)) continue;
        const wrong = probes.filter(
          (probe) => isAllowed(from, to, probe, objects) !== isShown(graph, from, to, probe, objects),
        );
        none(wrong.map((probe) => ({ from: nodeOf(from, graph), to: nodeOf(to, graph), ...probe })));
      }
    }
  });

  holds('shows each other end of a rule, and none without a rule', (environment) => {
    const { objects } = environment;
    const graph = graphOfEnvironment(environment);
    const pods = podsOf(objects);
    for (const pod of pods) {
      for (const direction of ['ingress', 'egress'] as const) checkOthers(pod, direction, graph, pods, environment);
    }
  });

  holds('shows where Services, routes and volumes lead', (environment) => {
    const { objects } = environment;
    const { edges } = graphOfEnvironment(environment);
    const has = (from: string, to: string, kind: string) =>
      edges.some((edge) => edge.from === from && edge.to === to && edge.kind === kind);
    const graph = graphOfEnvironment(environment);
    for (const pod of podsOf(objects)) {
      const { namespace } = pod.owner.metadata;
      for (const { spec, metadata } of all(objects, 'Service')) {
        const selector = Object.entries(spec?.selector ?? {});
        const isSelected = selector.length > 0 && selector.every(([key, value]) => pod.labels[key] === value);
        const isBehind = isSelected && metadata?.namespace === namespace;
        expect(has(`Service ${metadata?.namespace}/${metadata?.name}`, nodeOf(pod, graph), 'leads')).toBe(isBehind);
      }
      const claims = (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []);
      none(claims.filter((name) => !has(nodeOf(pod, graph), `PersistentVolumeClaim ${namespace}/${name}`, 'mounts')));
    }
    for (const { kind, metadata, spec } of objects) {
      if (!['Ingress', 'HTTPRoute', 'Route'].includes(kind)) continue;
      const { namespace, name } = metadata;
      const server = edges.filter(({ from }) => from === `${kind} ${namespace}/${name}`);
      const named = JSON.stringify(spec);
      none(server.filter(({ to }) => !named.includes(JSON.stringify(to.replace(/^.*\//, '')))));
      expect(server.length).toBeGreaterThan(0);
    }
  });
});

/** Whether the texts of a node name a peer. */
const names = (texts: readonly string[], peer: unknown): boolean => {
  const { namespaceSelector, ipBlock } = peer as {
    namespaceSelector?: { matchLabels?: object };
    ipBlock?: { cidr: string };
  };
  const text = texts.join('\n');
  if (ipBlock)
    return (
      text.includes(ipBlock.cidr.replace(/\/(32|128)$/, '')) ||
      (/\/0$/.test(ipBlock.cidr) && /any (IPv. )?address/.test(text))
    );
  return Object.values(namespaceSelector?.matchLabels ?? {}).every((name) => text.includes(`namespace ${name}`));
};

function checkOthers(
  pod: MadePod,
  direction: 'ingress' | 'egress',
  graph: Graph,
  pods: readonly MadePod[],
  { objects }: Valid,
): void {
  const rules = rulesOf(pod, direction, objects);
  const others = graph.nodes.filter(({ kind }) => ['clients', 'destination'].includes(kind));
  const isConnected = (id: string, probe: { protocol: string; port: number }) =>
    direction === 'ingress'
      ? isShownTo(graph, id, pod, probe, objects)
      : graph.edges.some(
          ({ from, to, ports }) =>
            from === nodeOf(pod, graph) &&
            to === id &&
            ports.some(
              ({ protocol, first, last }) => protocol === probe.protocol && first <= probe.port && probe.port <= last,
            ),
        );
  // The objects with the ports that matter here.
  const near = objects.filter((object) => object.kind === 'NetworkPolicy' || object === pod.owner);
  for (const probe of probesOf(near).filter(({ protocol }) => protocol !== 'SCTP')) {
    const allowing = (rules ?? []).filter((rule) => hasPort(rule, probe, direction === 'ingress' ? pod : undefined));
    const peers = allowing.flatMap((rule) =>
      rule.peers.filter((peer) => admitsStrangers(peer, rule.namespace, pods, objects)).map((peer) => ({ peer, rule })),
    );
    const shown = others.filter(({ id }) => isConnected(id, probe)).map(({ title, lines }) => [title, ...lines]);
    none(peers.filter(({ peer }) => !shown.some((texts) => names(texts, peer))));
    none(shown.filter((texts) => !peers.some(({ peer }) => names(texts, peer))));
    const isAnything = graph.nodes.some(({ id, kind }) => kind === 'anything' && isConnected(id, probe));
    expect(isAnything).toBe(rules === undefined || allowing.some((rule) => rule.peers.length === 0));
  }
}
