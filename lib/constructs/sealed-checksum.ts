import type { SealedSecret } from '../sealing/sealed-secret';
import type { Container, PodSpec } from './kubernetes';
import { checksum } from './pod';

/** A Secret that a pod reads; without a key, all of it. */
interface SecretUse {
  readonly name?: string;
  readonly key?: string;
}

/**
 * The annotation by which a pod is replaced when a sealed value that it reads is sealed anew; none when it reads none. A
 * Secret that changes in the cluster does not restart what has read it.
 */
export function sealedAnnotation(
  namespace: string,
  spec: PodSpec,
  secrets: readonly SealedSecret[],
): Readonly<Record<string, string>> {
  const values = new Map(
    secretUses(spec).flatMap(({ name, key: wanted }) => {
      const secret = secrets.find((each) => each.namespace === namespace && each.name === name);
      const texts = secret ? [...secret.encryptedData, ...secret.template.data] : [];
      // A template may put any sealed value under any key.
      const isWhole = wanted === undefined || (secret?.template.data.has(wanted) ?? false);
      return texts
        .filter(([key]) => isWhole || key === wanted)
        .map(([key, { value }]) => [`${name}/${key}`, value] as const);
    }),
  );
  const sorted = [...values].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length > 0 ? { 'checksum/sealed-secrets': checksum(sorted) } : {};
}

/** The Secrets that reach the programs of a pod. What only the node reads, to pull an image, is none. */
function secretUses({ containers, initContainers = [], volumes = [] }: PodSpec): SecretUse[] {
  return [
    ...[...initContainers, ...containers].flatMap(containerUses),
    ...volumes.flatMap(({ secret }) => {
      if (!secret) return [];
      const { secretName: name, items } = secret;
      return items ? items.map(({ key }) => ({ name, key })) : [{ name }];
    }),
  ];
}

function containerUses({ env = [], envFrom = [] }: Container): SecretUse[] {
  return [
    ...env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []),
    ...envFrom.flatMap(({ secretRef }) => (secretRef ? [{ name: secretRef.name }] : [])),
  ];
}
