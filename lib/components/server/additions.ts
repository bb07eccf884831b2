import { isRecord } from '../../input/is-record';
import { containerSecurity } from '../../kubernetes/pod';
import { canonicalBytes, canonicalCpu, quantityValue } from '../../kubernetes/quantity';
import type { LocatedPatch, PatchOperation } from '../shared/contributions/patches';
import type { Server } from './resolve';

/** What the additions to a pod depend on. */
export interface ExtendedSections {
  readonly name: string;
  readonly image: { readonly pullPolicy: string };
  readonly server: Pick<Server, 'initContainers' | 'sidecars' | 'volumes' | 'volumeMounts'>;
}

type Written = Readonly<Record<string, unknown>>;

/** The additions of users to the server pods, one patch for each. */
export function podAdditions({ name, image, server }: ExtendedSections): LocatedPatch[] {
  const { initContainers, sidecars, volumes, volumeMounts } = server;
  const patch = (key: keyof typeof server, index: number, ...operations: PatchOperation[]): LocatedPatch => ({
    kind: 'Deployment',
    name,
    at: ['server', key, index],
    operations,
  });
  const add = (path: string, value: unknown): PatchOperation => ({ op: 'add', path: `${POD}/${path}`, value });
  return [
    ...volumes.map((volume, index) => patch('volumes', index, add('volumes/-', volume))),
    // Before the init containers of users, which move `prepare`.
    ...volumeMounts.map((mount, index) =>
      patch(
        'volumeMounts',
        index,
        add('initContainers/0/volumeMounts/-', mount),
        add('containers/0/volumeMounts/-', mount),
      ),
    ),
    ...initContainers.map((container, index) =>
      patch('initContainers', index, add(`initContainers/${index}`, withDefaults(container, image))),
    ),
    ...sidecars.map((container, index) =>
      patch('sidecars', index, add('containers/-', withDefaults(container, image))),
    ),
  ];
}

const POD = '/spec/template/spec';

/** Enough for a proxy, and little beside the server. */
const RESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  requests: { cpu: '10m', memory: '128Mi', 'ephemeral-storage': '128Mi' },
  limits: { cpu: '500m', memory: '128Mi', 'ephemeral-storage': '128Mi' },
};

/** A container with what ours have, where it is not written. What cannot be one is left as it is: a rule says why. */
function withDefaults(container: Written, { pullPolicy }: ExtendedSections['image']): Written {
  const { ports, securityContext = {}, resources = {}, ...rest } = container;
  return {
    imagePullPolicy: pullPolicy,
    ...rest,
    ...(ports === undefined ? {} : { ports: Array.isArray(ports) ? ports.map(withProtocol) : ports }),
    securityContext: isRecord(securityContext) ? withSecurity(securityContext) : securityContext,
    resources: isRecord(resources) ? withAmounts(resources) : resources,
  };
}

/** A security context with the fields of ours that it does not set; capabilities are added to none. */
function withSecurity({ capabilities, ...given }: Written): Written {
  const { capabilities: ours, ...security } = containerSecurity;
  const both = isRecord(capabilities) ? { ...ours, ...capabilities } : (capabilities ?? ours);
  return { ...security, ...given, capabilities: both };
}

const withProtocol = (port: unknown) => (isRecord(port) ? { protocol: 'TCP', ...port } : port);

/**
 * All amounts, in their canonical form. A request is at most its limit, and a limit at least its request; of memory and
 * disk they are the same unless both are written, as in our own containers.
 */
function withAmounts({ requests = {}, limits = {}, ...rest }: Written): Written {
  if (!isRecord(requests) || !isRecord(limits)) return { requests, limits, ...rest };
  const given = { requests: canonical(requests), limits: canonical(limits) };
  const less = (a: unknown, b: unknown) => quantityValue(String(a)) < quantityValue(String(b));
  // Of memory and disk, what one says holds for the other.
  const other = (amounts: Written, name: string) => (name === 'cpu' ? undefined : amounts[name]);
  const request = (name: string, usual: string) =>
    other(given.limits, name) ?? (less(given.limits[name], usual) ? given.limits[name] : usual);
  const limit = (name: string, usual: string) =>
    other(given.requests, name) ?? (less(usual, given.requests[name]) ? given.requests[name] : usual);
  const filled = (usual: Readonly<Record<string, string>> = {}, choose: (name: string, usual: string) => unknown) =>
    Object.fromEntries(Object.entries(usual).map(([name, amount]) => [name, choose(name, amount)]));
  return {
    ...rest,
    requests: { ...filled(RESOURCES.requests, request), ...given.requests },
    limits: { ...filled(RESOURCES.limits, limit), ...given.limits },
  };
}

/** Amounts as the API server stores them; what is no quantity stays. */
const canonical = (amounts: Written): Written =>
  Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => {
      if (!Number.isFinite(quantityValue(String(amount)))) return [name, amount];
      return [name, name === 'cpu' ? canonicalCpu(String(amount)) : canonicalBytes(String(amount))];
    }),
  );
