import type { Volume, VolumeMount } from '../../kubernetes/objects';
import { type ObjectSource, type Reference, sourceReferences } from './contributions/references';

/** A CA certificate: the ConfigMap or Secret that contains it, and the key of the PEM file. */
export interface CaCertificate extends ObjectSource {
  readonly key: string;
}

/** A CA certificate with the folder that it is mounted at. */
export interface MountedCa {
  /** Name of the volume. */
  readonly name: string;
  readonly path: string;
  /** @default no volume */
  readonly ca?: CaCertificate;
}

/** The certificates that are set. */
const set = (candidates: readonly MountedCa[]) =>
  candidates.flatMap(({ ca, ...rest }) => (ca ? [{ ...rest, ca }] : []));

/** The mounts of CA certificates, each a folder with one file. */
export const caMounts = (candidates: readonly MountedCa[]): VolumeMount[] =>
  set(candidates).map(({ name, path }) => ({ name, mountPath: path, readOnly: true }));

/** Their volumes. */
export function caVolumes(candidates: readonly MountedCa[]): Volume[] {
  return set(candidates).map(({ name, ca }) => {
    const items = [{ key: ca.key, path: ca.key }];
    return ca.secret
      ? { name, secret: { secretName: ca.secret, items } }
      : { name, configMap: { name: ca.configMap, items } };
  });
}

/** The object that a CA certificate is read from. */
export const caReferences = (ca: CaCertificate | undefined): Reference[] => (ca ? sourceReferences(ca, ca.key) : []);
