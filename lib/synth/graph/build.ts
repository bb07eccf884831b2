import type { Manifest } from '../manifest';
import { withoutNulls } from '../rules/nulls';
import { claimsOf } from './claims';
import type { Graph, GraphEdge, GraphNode, NodeKind } from './graph';
import type { Naming } from './names';
import { merged } from './ports';
import { routeEdges, routeNodes } from './routes';
import { serviceEdges, serviceNode, servicesOf, throughServices } from './services';
import { trafficOf } from './traffic';
import { workloadNode, workloadsOf } from './workloads';

/** The order of nodes: from what connects to what is connected to. */
const ORDER: readonly NodeKind[] = ['clients', 'anything', 'route', 'service', 'workload', 'claim', 'destination'];

/**
 * What finished objects deploy, and what may connect to what by their policies, Services and routes.
 *
 * @param name of the environment
 * @param finished the objects as they are applied: after patches, and with those of users
 * @param addresses of hosts outside the cluster, by which a policy names them
 */
export function graphOf(
  name: string,
  finished: readonly Manifest[],
  clusterDomain: string,
  addresses: Naming['addresses'] = {},
): Graph {
  const objects = finished.map(withoutNulls);
  const workloads = workloadsOf(objects);
  const services = servicesOf(objects, workloads);
  const traffic = trafficOf(workloads, objects, { clusterDomain, addresses });
  const claims = claimsOf(objects, workloads);
  const nodes = [
    ...traffic.nodes,
    ...routeNodes(objects),
    ...services.map((service) => serviceNode(service, objects)),
    ...workloads.map((workload) => workloadNode(workload, objects)),
    ...claims.nodes,
  ];
  const edges = [
    ...traffic.edges.flatMap((edge) => throughServices(edge, services)),
    ...routeEdges(objects, services),
    ...services.flatMap(serviceEdges),
    ...claims.edges,
  ];
  return { name, nodes: nodes.toSorted(byKind), edges: once(edges).toSorted(byEnds) };
}

/** Each edge once: an Ingress may lead to a Service by several paths. */
function once(edges: readonly GraphEdge[]): GraphEdge[] {
  const known = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.kind]);
    known.set(key, { ...edge, ports: merged([...(known.get(key)?.ports ?? []), ...edge.ports]) });
  }
  return [...known.values()];
}

const byKind = (a: GraphNode, b: GraphNode): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || byText(a.id, b.id);

const byEnds = (a: GraphEdge, b: GraphEdge): number =>
  byText(a.from, b.from) || byText(a.to, b.to) || byText(a.kind, b.kind);

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
