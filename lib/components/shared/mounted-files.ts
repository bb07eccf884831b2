import type { Volume, VolumeMount } from '../../kubernetes/objects';
import { type ObjectSource, type Reference, sourceReferences } from './contributions/references';

/** A file in an object: the ConfigMap or Secret that contains it, and its key there. */
export interface FileSource extends ObjectSource {
  readonly key: string;
}

/** A file, such as a CA certificate, with the folder that it is mounted at. */
export interface MountedFile {
  /** Name of the volume. */
  readonly name: string;
  readonly path: string;
  /** @default no volume */
  readonly source?: FileSource;
}

/** The files that are set. */
const set = (candidates: readonly MountedFile[]) =>
  candidates.flatMap(({ source, ...rest }) => (source ? [{ ...rest, source }] : []));

/** The mounts of files, each a folder with one file. */
export const fileMounts = (candidates: readonly MountedFile[]): VolumeMount[] =>
  set(candidates).map(({ name, path }) => ({ name, mountPath: path, readOnly: true }));

/** Their volumes. */
export function fileVolumes(candidates: readonly MountedFile[]): Volume[] {
  return set(candidates).map(({ name, source }) => {
    const items = [{ key: source.key, path: source.key }];
    return source.secret
      ? { name, secret: { secretName: source.secret, items } }
      : { name, configMap: { name: source.configMap, items } };
  });
}

/** The object that a file is read from. */
export const fileReferences = (source: FileSource | undefined): Reference[] =>
  source ? sourceReferences(source, source.key) : [];
