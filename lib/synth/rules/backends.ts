import type { Manifest } from '../manifest';
import type { AddedObjects } from '../user-objects/user-object';
import type { Violation } from './rule';

/** A port of a Service that something leads to. */
interface Backend {
  readonly name?: string;
  /** Undefined if it is any. */
  readonly port?: string | number;
  /** The field of the Service's port by whose number it is named, beside its name. */
  readonly by: 'port' | 'targetPort';
}

interface IngressBackend {
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } };
}

interface IngressSpec {
  readonly tls?: readonly { readonly secretName?: string }[];
  readonly defaultBackend?: IngressBackend;
  readonly rules?: readonly { readonly http?: { readonly paths?: readonly { readonly backend?: IngressBackend }[] } }[];
}

interface HttpRouteSpec {
  readonly rules?: readonly {
    readonly backendRefs?: readonly {
      readonly group?: string;
      readonly kind?: string;
      readonly name?: string;
      readonly namespace?: string;
      readonly port?: number;
    }[];
  }[];
}

interface RouteTarget {
  readonly kind?: string;
  readonly name?: string;
}

interface RouteSpec {
  readonly to?: RouteTarget;
  readonly alternateBackends?: readonly RouteTarget[];
  readonly port?: { readonly targetPort?: string | number };
  readonly tls?: { readonly externalCertificate?: { readonly name?: string } };
}

interface ServiceSpec {
  readonly ports?: readonly ServicePort[];
}

interface ServicePort {
  readonly name?: string;
  readonly port?: number;
  readonly targetPort?: string | number;
}

/** Whether a backend is a port of its Service. */
export const leadsTo = ({ port, by }: Pick<Backend, 'port' | 'by'>, of: ServicePort): boolean =>
  port === undefined || port === of.name || port === of[by];

/** The Services of its own namespace that an Ingress, an HTTPRoute or a Route leads to. */
export function backendsOf({ kind, spec = {}, metadata }: Manifest): Backend[] {
  switch (kind) {
    case 'Ingress': {
      const { defaultBackend, rules = [] } = spec as IngressSpec;
      const paths = rules.flatMap(({ http }) => http?.paths ?? []);
      return [defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend) => {
        const { name, port } = backend?.service ?? {};
        return backend?.service ? [{ name, port: port?.name ?? port?.number ?? '(none)', by: 'port' as const }] : [];
      });
    }
    case 'HTTPRoute':
      return ((spec as HttpRouteSpec).rules ?? [])
        .flatMap(({ backendRefs = [] }) => backendRefs)
        .filter(({ group = '', kind: target = 'Service' }) => group === '' && target === 'Service')
        .filter(({ namespace = metadata.namespace }) => namespace === metadata.namespace)
        .map(({ name, port }) => ({ name, port: port ?? '(none)', by: 'port' as const }));
    case 'Route': {
      const { to, alternateBackends = [], port } = spec as RouteSpec;
      return [...(to ? [to] : []), ...alternateBackends]
        .filter(({ kind: target = 'Service' }) => target === 'Service')
        .map(({ name }) => ({ name, port: port?.targetPort, by: 'targetPort' as const }));
    }
    default:
      return [];
  }
}

/** The Secrets with the certificates of an Ingress or a Route. */
export function certificatesOf({ kind, spec }: Manifest): string[] {
  switch (kind) {
    case 'Ingress':
      return ((spec ?? {}) as IngressSpec).tls?.flatMap(({ secretName }) => secretName ?? []) ?? [];
    case 'Route': {
      const { name } = ((spec ?? {}) as RouteSpec).tls?.externalCertificate ?? {};
      return name ? [name] : [];
    }
    default:
      return [];
  }
}

/** What a backend may call the ports of a Service: an HTTPRoute takes numbers alone. */
const namesOf = ({ kind }: Manifest, by: Backend['by'], ports: readonly ServicePort[]): (string | number)[] =>
  ports.flatMap((each) =>
    [...new Set([each[by], kind === 'HTTPRoute' ? undefined : each.name])].flatMap((name) => name ?? []),
  );

/** Backends that lead nowhere: to a Service or a port that does not exist. */
export function backendViolations(object: Manifest, objects: readonly Manifest[], added: AddedObjects): Violation[] {
  return backendsOf(object).flatMap(({ name, port, by }): Violation[] => {
    const service = objects.find(
      ({ kind, metadata }) =>
        kind === 'Service' && metadata.name === name && metadata.namespace === object.metadata.namespace,
    );
    if (!service) {
      const known = objects.flatMap(({ kind, metadata }) => (kind === 'Service' ? metadata.name : []));
      const message = `leads to Service ${name}, which the output does not contain (use one of ${known.join(', ')})`;
      return added.mayCreateMore() ? [] : [{ object, message }];
    }
    const { ports = [] } = (service.spec ?? {}) as ServiceSpec;
    if (ports.some((each) => leadsTo({ port, by }, each)) || port === undefined) return [];
    const message = `leads to port ${port} of Service ${name}, which it does not have (use ${namesOf(object, by, ports).join(' or ')})`;
    return [{ object, others: [service], message }];
  });
}
