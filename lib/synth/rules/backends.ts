import type { Manifest } from '../manifest';
import type { AddedObjects } from '../user-objects/user-object';
import type { Violation } from './rule';

interface Backend {
  readonly service?: { readonly name?: string; readonly port?: { readonly name?: string; readonly number?: number } };
}

interface IngressSpec {
  readonly tls?: readonly { readonly secretName?: string }[];
  readonly defaultBackend?: Backend;
  readonly rules?: readonly { readonly http?: { readonly paths?: readonly { readonly backend?: Backend }[] } }[];
}

interface ServiceSpec {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

/** The Services that an Ingress leads to. */
export function ingressBackends({ kind, spec }: Manifest): NonNullable<Backend['service']>[] {
  if (kind !== 'Ingress') return [];
  const { defaultBackend, rules = [] } = (spec ?? {}) as IngressSpec;
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  return [defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend) => backend?.service ?? []);
}

/** The Secrets with the certificates of an Ingress. */
export function certificatesOf({ kind, spec }: Manifest): string[] {
  if (kind !== 'Ingress') return [];
  return ((spec ?? {}) as IngressSpec).tls?.flatMap(({ secretName }) => secretName ?? []) ?? [];
}

/** Backends of an Ingress that lead nowhere: to a Service or a port that does not exist. */
export function backendViolations(object: Manifest, objects: readonly Manifest[], added: AddedObjects): Violation[] {
  return ingressBackends(object).flatMap(({ name, port }): Violation[] => {
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
    if (ports.some((each) => (port?.name ? each.name === port.name : each.port === port?.number))) return [];
    const message = `leads to port ${port?.name ?? port?.number ?? '(none)'} of Service ${name}, which it does not have (use ${ports.map((each) => each.name ?? each.port).join(', ')})`;
    return [{ object, others: [service], message }];
  });
}
