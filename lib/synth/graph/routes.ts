import { groupOf, type Manifest } from '../manifest';
import { backendsOf, leadsTo } from '../rules/backends';
import { namedHosts } from '../rules/hosts';
import type { GraphEdge, GraphNode } from './graph';
import { namespaceOf } from './policies';
import { onePort } from './ports';
import { type ServedWorkloads, serviceId } from './services';

/** The kinds that lead from outside the cluster to Services, by API group. */
const ROUTES: Readonly<Record<string, string>> = {
  Ingress: 'networking.k8s.io',
  Gateway: 'gateway.networking.k8s.io',
  HTTPRoute: 'gateway.networking.k8s.io',
  Route: 'route.openshift.io',
};

interface RouteSpec {
  readonly ingressClassName?: string;
  readonly gatewayClassName?: string;
  readonly parentRefs?: readonly { readonly kind?: string; readonly name: string; readonly namespace?: string }[];
}

const isRoute = (object: Manifest): boolean => ROUTES[object.kind] === groupOf(object);
const routeId = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;
const idOf = (object: Manifest): string => routeId(object.kind, namespaceOf(object), object.metadata.name);
const specOf = ({ spec }: Manifest): RouteSpec => (spec ?? {}) as RouteSpec;

/** The Gateways that a route is at, as ids with their names. */
const gatewaysOf = (object: Manifest) =>
  (specOf(object).parentRefs ?? [])
    .filter(({ kind = 'Gateway' }) => kind === 'Gateway')
    .map(({ name, namespace = namespaceOf(object) }) => ({
      id: routeId('Gateway', namespace, name),
      text: `Gateway ${namespace}/${name}`,
    }));

/** The Ingresses, Gateways and routes of an output. */
export function routeNodes(objects: readonly Manifest[]): GraphNode[] {
  const routes = objects.filter(isRoute);
  const known = new Set(routes.map(idOf));
  return routes.map((object) => {
    const { ingressClassName, gatewayClassName } = specOf(object);
    const className = ingressClassName ?? gatewayClassName;
    const elsewhere = gatewaysOf(object).filter(({ id }) => !known.has(id));
    return {
      id: idOf(object),
      kind: 'route',
      namespace: namespaceOf(object),
      caption: className ? `${object.kind} (${className})` : object.kind,
      title: object.metadata.name,
      lines: [...namedHosts(object), ...new Set(elsewhere.map(({ text }) => `at ${text}`))],
    };
  });
}

/** Where they lead: to Services, and from Gateways to routes. */
export function routeEdges(objects: readonly Manifest[], services: readonly ServedWorkloads[]): GraphEdge[] {
  const routes = objects.filter(isRoute);
  const known = new Set(routes.map(idOf));
  return routes.flatMap((object): GraphEdge[] => [
    ...gatewaysOf(object)
      .filter(({ id }) => known.has(id))
      .map(({ id }): GraphEdge => ({ from: id, to: idOf(object), kind: 'leads', ports: [] })),
    ...backendsOf(object).flatMap(({ name = '', port, by }): GraphEdge[] => {
      const id = serviceId(namespaceOf(object), name);
      const service = services.find((each) => each.id === id);
      if (!service) return [];
      const { ports = [] } = (service.object.spec ?? {}) as {
        ports?: readonly { name?: string; port: number; targetPort?: string | number; protocol?: string }[];
      };
      const used = ports.filter((each) => leadsTo({ port, by }, each));
      return [
        { from: idOf(object), to: id, kind: 'leads', ports: used.map((each) => onePort(each.port, each.protocol)) },
      ];
    }),
  ]);
}
