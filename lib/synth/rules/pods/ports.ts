import type { Manifest } from '../../manifest';
import type { Rule, Violation } from '../rule';
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
      if (object.kind !== 'NetworkPolicy') return [];
      const { ingress = [], egress = [] } = object.spec as { ingress?: readonly Ported[]; egress?: readonly Ported[] };
      return [...ingress, ...egress].flatMap((rule) => unsaid(object, 'the policy', rule));
    }),
  ],
};

const unsaid = (object: Manifest, owner: string, { ports = [] }: Ported): Violation[] =>
  ports
    .filter(({ protocol }) => protocol === undefined)
    .map(() => ({ object, message: `has a port of ${owner} without its protocol (set protocol: TCP)` }));
