import type { Manifest } from '../manifest';
import { meets, podSelectorOf, type Selector } from '../rules/selectors';
import type { GraphEdge, GraphNode } from './graph';
import { namespaceOf } from './policies';
import { covers, isWhole, merged, namedPorts, onePort, type PortRange, without } from './ports';
import type { Workload } from './workloads';

/** A port of a Service, and the port of the pods behind it. */
interface Mapping {
  readonly at: PortRange;
  readonly behind: PortRange;
}

/** A Service with the workloads behind it. */
export interface ServedWorkloads {
  readonly id: string;
  readonly object: Manifest;
  readonly behind: readonly { readonly workload: Workload; readonly mappings: readonly Mapping[] }[];
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly externalIPs?: readonly string[];
  readonly loadBalancerIP?: string;
  readonly loadBalancerSourceRanges?: readonly string[];
  readonly ports?: readonly ServicePort[];
}

interface ServicePort {
  readonly name?: string;
  readonly protocol?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

const specOf = ({ spec }: Manifest): ServiceSpec => (spec ?? {}) as ServiceSpec;

/** The id of the node of a Service. */
export const serviceId = (namespace: string, name: string): string => `Service ${namespace}/${name}`;

/** The Services of an output, those with an address of their own first. */
export function servicesOf(objects: readonly Manifest[], workloads: readonly Workload[]): ServedWorkloads[] {
  return objects
    .filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1')
    .map((object) => ({
      id: serviceId(namespaceOf(object), object.metadata.name),
      object,
      behind: workloads.filter((workload) => isBehind(object, workload)).map((workload) => servedBy(object, workload)),
    }))
    .toSorted((a, b) => Number(isHeadless(a.object)) - Number(isHeadless(b.object)) || (a.id < b.id ? -1 : 1));
}

const isHeadless = (service: Manifest): boolean => specOf(service).clusterIP === 'None';

function isBehind(service: Manifest, { pod }: Workload): boolean {
  const selector = podSelectorOf(service);
  // Without a selector a Service has endpoints that something else writes.
  if (Object.keys(selector?.matchLabels ?? {}).length === 0 || specOf(service).type === 'ExternalName') return false;
  return namespaceOf(service) === namespaceOf(pod.object) && meets(selector, pod.metadata.labels);
}

function servedBy(service: Manifest, workload: Workload) {
  const headless = isHeadless(service);
  const mappings = (specOf(service).ports ?? []).flatMap(({ protocol = 'TCP', port, targetPort = port }): Mapping[] => {
    const targets =
      typeof targetPort === 'number' ? [targetPort] : namedPorts(targetPort, protocol, workload.pod.containers);
    return targets.map((target) => ({
      // The name of a headless Service has the addresses of pods, so that clients use their port.
      at: onePort(headless ? target : port, protocol),
      behind: onePort(target, protocol),
    }));
  });
  return { workload, mappings };
}

/** The edges from a Service to the pods behind it. */
export const serviceEdges = ({ id, behind }: ServedWorkloads): GraphEdge[] =>
  behind.map(({ workload, mappings }) => ({
    from: id,
    to: workload.id,
    kind: 'leads',
    ports: merged(mappings.map((mapping) => mapping.behind)),
  }));

/**
 * A connection to pods by the Services that lead to them: what only some ports or pods behind a Service may be used for
 * stays a connection to the pods, and so does every port of a protocol.
 */
export function throughServices(edge: GraphEdge, services: readonly ServedWorkloads[]): GraphEdge[] {
  const edges: GraphEdge[] = [];
  let rest = edge.ports;
  for (const { id, behind } of services) {
    const [only, ...others] = behind;
    if (!only || only.workload.id !== edge.to || others.length > 0) continue;
    const parts = rest.filter((range) => !isWhole(range));
    const used = only.mappings.filter(({ behind: target }) => covers(parts, [target]));
    if (used.length === 0) continue;
    edges.push({ ...edge, to: id, ports: merged(used.map(({ at }) => at)) });
    rest = used.reduce((ports, { behind: target }) => ports.flatMap((range) => without(range, target)), rest);
  }
  return rest.length > 0 ? [...edges, { ...edge, ports: rest }] : edges;
}

/** The box of a Service: how it is reached from outside, and what scrapes it. */
export function serviceNode({ id, object, behind }: ServedWorkloads, objects: readonly Manifest[]): GraphNode {
  const { type = 'ClusterIP', externalName, externalIPs = [], loadBalancerIP, ports = [], ...more } = specOf(object);
  const reached = behind.flatMap(({ mappings }) => mappings.map(({ at }) => at));
  const nodePorts = ports.flatMap(({ nodePort }) => nodePort ?? []);
  const ranges = more.loadBalancerSourceRanges ?? [];
  return {
    id,
    kind: 'service',
    namespace: namespaceOf(object),
    caption: type === 'ClusterIP' ? 'Service' : `Service (${type})`,
    title: object.metadata.name,
    ports: merged(reached.length > 0 ? reached : ports.map(({ port, protocol }) => onePort(port, protocol))),
    lines: [
      ...(isHeadless(object) ? ['headless'] : []),
      ...(externalName ? [`another name of ${externalName}`] : []),
      ...(loadBalancerIP ? [`address ${loadBalancerIP}`] : []),
      ...(externalIPs.length > 0 ? [`external IPs ${externalIPs.join(', ')}`] : []),
      ...(nodePorts.length > 0 ? [`node ${nodePorts.length > 1 ? 'ports' : 'port'} ${nodePorts.join(', ')}`] : []),
      ...(ranges.length > 0 ? [`only from ${ranges.join(', ')}`] : []),
      ...scrapersOf(object, objects),
    ],
  };
}

interface MonitorSpec {
  readonly selector?: Selector;
  readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
  readonly endpoints?: readonly { readonly port?: string }[];
}

/** The ServiceMonitors by which a Service is scraped. */
function scrapersOf(service: Manifest, objects: readonly Manifest[]): string[] {
  return objects
    .filter(({ kind, spec }) => {
      const { selector, namespaceSelector, endpoints = [] } = (spec ?? {}) as MonitorSpec;
      const ports = (specOf(service).ports ?? []).map(({ name }) => name);
      return (
        kind === 'ServiceMonitor' &&
        endpoints.some(({ port }) => ports.includes(port)) &&
        (namespaceSelector?.any ||
          (namespaceSelector?.matchNames ?? [namespaceOf(service)]).includes(namespaceOf(service))) &&
        meets(selector, service.metadata.labels)
      );
    })
    .map(({ metadata }) => `scraped by ServiceMonitor ${metadata.name}`);
}
