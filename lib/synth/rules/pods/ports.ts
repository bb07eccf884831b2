import type { Container } from '../../../kubernetes/objects';
import type { Manifest } from '../../manifest';
import { isNetworkPolicy } from '../network-policies';
import { type Rule, repeated, type Violation } from '../rule';
import { podsOf } from '../workloads';

interface Port {
  readonly protocol?: string;
}

interface Ported {
  readonly ports?: readonly Port[];
}

/** Every port sets its protocol. */
export const protocolsRequired: Rule = {
  name: 'protocols-required',
  reason: 'the protocol identifies a port too, and without it a GitOps tool reports drift forever',
  patched: 'issue',
  added: 'allowed',
  check: (objects) => [
    ...podsOf(objects).flatMap(({ object, containers }) =>
      containers.flatMap((container) => unsaid(object, `container ${container.name}`, container)),
    ),
    ...objects.flatMap((object) => {
      if (object.kind === 'Service') return unsaid(object, 'the Service', object.spec as Ported);
      if (!isNetworkPolicy(object)) return [];
      const { ingress = [], egress = [] } = object.spec as { ingress?: readonly Ported[]; egress?: readonly Ported[] };
      return [...ingress, ...egress].flatMap((rule) => unsaid(object, 'the policy', rule));
    }),
  ],
};

const unsaid = (object: Manifest, owner: string, { ports = [] }: Ported): Violation[] =>
  ports
    .filter(({ protocol }) => protocol === undefined)
    .map(() => ({ object, message: `has a port of ${owner} without its protocol (set protocol: TCP)` }));

/** No two containers that run at the same time have one port. */
export const portsUsedOnce: Rule = {
  name: 'ports-used-once',
  reason:
    'containers of a pod share its address, so the second one with a port does not start, and of two with a name only the first is found',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, spec: { initContainers = [], containers = [] } }) => {
      const running = [...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'), ...containers];
      // One container may name a port twice.
      const shared = (keys: (port: NonNullable<Container['ports']>[number]) => string | undefined) =>
        repeated(running.flatMap(({ ports = [] }) => [...new Set(ports.flatMap((port) => keys(port) ?? []))]));
      const violation = (message: string): Violation => ({ object, message });
      return [
        ...shared(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`).map((port) =>
          violation(`has two containers with port ${port} (change one)`),
        ),
        ...shared(({ name }) => name).map((name) => violation(`has two containers with a port ${name} (rename one)`)),
      ];
    }),
};
