import type { Container, EnvVar, PodSpec } from '../../kubernetes/objects';
import { checksum } from '../../kubernetes/pod';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';

/**
 * The key that a Secret has exactly when the controller has opened what is sealed now: it follows from the
 * ciphertexts, so it changes when any value is re-sealed. Its name is also a valid name of a variable.
 */
export function stateKey({ encryptedData, template }: SealedSecret): string {
  const texts = [...encryptedData, ...template.data].map(([key, { value }]) => [key, value] as const);
  return `SEALED_${checksum(
    texts.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    16,
  )}`;
}

/**
 * A pod that is replaced when a value that it reads is re-sealed, and that starts only when the Secret has what is
 * sealed now: its first container names the key of that state, and the kubelet waits for a key that is missing. Without
 * that, a pod that is quicker than the controller would have read the old value for good, whatever order a tool applies
 * objects in.
 */
export function awaitingSealed(namespace: string, spec: PodSpec, secrets: readonly SealedSecret[]): PodSpec {
  const names = new Set(secretNames(spec));
  const states = secrets
    .filter((secret) => secret.namespace === namespace && names.has(secret.name))
    .map((secret): EnvVar => {
      const key = stateKey(secret);
      return { name: key, valueFrom: { secretKeyRef: { name: secret.name, key } } };
    });
  const waits = (container: Container): Container => ({ ...container, env: [...(container.env ?? []), ...states] });
  if (states.length === 0) return spec;
  const [init, ...inits] = spec.initContainers ?? [];
  if (init) return { ...spec, initContainers: [waits(init), ...inits] };
  const [first, ...others] = spec.containers;
  return first ? { ...spec, containers: [waits(first), ...others] } : spec;
}

/**
 * The Secrets that reach the programs of a pod. Optional ones are read again by themselves, and those that only the
 * node reads do not count.
 */
function secretNames({ containers, initContainers = [], volumes = [] }: PodSpec): (string | undefined)[] {
  return [
    ...[...initContainers, ...containers].flatMap(({ env = [], envFrom = [] }) => [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ]),
    ...volumes.map(({ secret }) => (secret?.optional ? undefined : secret?.secretName)),
  ];
}
