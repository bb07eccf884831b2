import { isOutsideName } from '../../../lib/components/shared/contributions/destinations';
import { connectionsOf } from '../../../lib/environment/contributions';
import type { ResolvedEnvironment } from '../../../lib/environment/resolved-environment';
import { graphOf } from '../../../lib/synth/graph/build';
import type { Graph, GraphNode } from '../../../lib/synth/graph/graph';
import { none, Sample, type Valid } from '../../properties/sample';
import { type MadePod, podsOf } from '../../support/support';
import { nodeOf } from './connections';

/** Each pod has boxes of the hosts that it connects to, and of no others: what components contribute, drawn. */

/** The hosts that components say their pods connect to. */
function contributed(role: string, environment: ResolvedEnvironment): Set<string> {
  const { traffic, targets } = connectionsOf(environment);
  const used = traffic.filter((each) => each.role === role).flatMap(({ uses = [] }) => uses);
  return new Set(
    targets
      .filter(({ name }) => used.includes(name))
      .flatMap(({ destinations = [] }) => destinations.map(({ host }) => host)),
  );
}

/** The hosts of a box: what is above what the policy allows. */
function hostsOf({ title, lines }: GraphNode): string[] {
  const allowed = lines.findIndex((line) => line.startsWith('allowed: '));
  return allowed < 0 ? [] : [title, ...lines.slice(0, allowed)];
}

function drawn(pod: MadePod, graph: Graph): Set<string> {
  const own = nodeOf(pod, graph);
  const to = graph.edges.filter(({ from }) => from === own).map((edge) => edge.to);
  return new Set(graph.nodes.filter(({ id, kind }) => kind === 'destination' && to.includes(id)).flatMap(hostsOf));
}

/** Whether the settings of pods say another host, or none: the smoke test learns its store from the server. */
const isElsewhere = (host: string, role: string, { server }: ResolvedEnvironment): boolean =>
  role === 'smoke-test' ||
  (host.includes('.amazonaws.') && 'AWS_DEFAULT_REGION' in { ...server.env, ...server.envReferences });

/** By role, as several pods of one may share its policy. */
function differences({ environment, objects }: Valid): string[] {
  const { networkPolicy, clusterDomain } = environment;
  if (!networkPolicy.enabled) return [];
  const graph = graphOf('any', objects, clusterDomain, networkPolicy.addresses);
  const roleOf = ({ labels }: MadePod) => labels['app.kubernetes.io/component'] ?? '';
  const all = podsOf(objects);
  return [...new Set(all.map(roleOf))].flatMap((role) => {
    const pods = all.filter((pod) => roleOf(pod) === role);
    const outside = (hosts: Iterable<string>) => [...hosts].filter((host) => isOutsideName(host, environment));
    const wanted = new Set(outside(contributed(role, environment)));
    const found = new Set(pods.flatMap((pod) => outside(drawn(pod, graph))));
    return [
      ...[...wanted]
        .filter((host) => !found.has(host) && !isElsewhere(host, role, environment))
        .map((host) => `${role} lacks ${host}`),
      ...[...found]
        .filter((host) => !wanted.has(host) && !isElsewhere(host, role, environment))
        .map((host) => `${role} has ${host}`),
    ];
  });
}

test('the boxes of a pod have the hosts that it connects to, and no others', () => {
  const all = new Sample(11, 60).valid;
  const found = new Map<string, number>();
  for (const each of all.flatMap(differences)) found.set(each, (found.get(each) ?? 0) + 1);
  none([...found].map(([text, count]) => `${count} times: ${text}`));
});
