import type { Container } from '../../../kubernetes/objects';
import type { Manifest } from '../../manifest';
import { type Rule, repeated, type Violation } from '../rule';
import { type CreatedPod, podsOf } from '../workloads';

/** Fields that the API server compares with others of the same object agree: ports, tolerations, probes, strategies. */
export const fieldsAgree: Rule = {
  name: 'fields-agree',
  reason: 'the API server refuses the object, leaving the set partially applied',
  patched: 'issue',
  check: (objects) => [...podsOf(objects).flatMap(podViolations), ...objects.flatMap(objectViolations)],
};

interface Port {
  readonly name?: string;
  readonly port?: number;
  readonly protocol?: string;
}

function portViolations(object: Manifest, owner: string, ports: readonly Port[]): Violation[] {
  const names = ports.flatMap(({ name }) => name ?? []);
  const numbers = ports.map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`);
  return [
    ...repeated(names).map((name) => ({ object, message: `has two ports ${name} of ${owner} (rename one)` })),
    ...repeated(numbers).map((number) => ({ object, message: `has port ${number} of ${owner} twice (remove one)` })),
  ];
}

function podViolations({ object, spec, containers }: CreatedPod): Violation[] {
  const violation = (message: string) => ({ object, message });
  return [
    ...containers.flatMap((container) => containerViolations(object, container)),
    ...(spec.tolerations ?? []).flatMap(({ key, operator, value, effect, tolerationSeconds }) => [
      ...(!key && operator !== 'Exists'
        ? [violation('has a toleration without a key (add one, or use operator Exists)')]
        : []),
      ...(operator === 'Exists' && value
        ? [violation('has a toleration with operator Exists and a value (remove the value)')]
        : []),
      ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
        ? [violation('has a toleration with tolerationSeconds (use it only with effect NoExecute)')]
        : []),
    ]),
  ];
}

function containerViolations(object: Manifest, container: Container): Violation[] {
  const { name, ports = [], livenessProbe, startupProbe } = container;
  const owner = `container ${name}`;
  const probes = Object.entries({ livenessProbe, startupProbe });
  return [
    ...portViolations(
      object,
      owner,
      ports.map(({ containerPort, ...port }) => ({ ...port, port: containerPort })),
    ),
    ...probes
      .filter(([, probe]) => (probe?.successThreshold ?? 1) !== 1)
      .map(([field]) => ({ object, message: `has ${field} of ${owner} with a successThreshold (remove it)` })),
  ];
}

function objectViolations(object: Manifest): Violation[] {
  const { ports, strategy } = (object.spec ?? {}) as {
    readonly ports?: readonly Port[];
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: unknown };
  };
  if (object.kind === 'Service') return portViolations(object, 'the Service', ports ?? []);
  const isMixed = object.kind === 'Deployment' && strategy?.type === 'Recreate' && strategy.rollingUpdate !== undefined;
  return isMixed ? [{ object, message: 'has strategy Recreate with rollingUpdate (remove one of the two)' }] : [];
}
