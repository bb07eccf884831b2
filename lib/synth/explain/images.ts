import type { EnvironmentOutput } from '../output/writer';
import { podsOf } from '../rules/workloads';

/** A volume with the files of an image, a field that is newer than the types. */
interface ImageVolume {
  readonly image?: { readonly reference?: string };
}

/**
 * Every image that the pods of environments are created from, once and sorted: after patches, with the objects of users.
 * Pods that an operator creates from a custom resource are not among them.
 */
export function explainImages(outputs: readonly EnvironmentOutput[]): string[] {
  const objects = outputs.flatMap(({ files }) => files.flatMap((file) => file.objects));
  const images = podsOf(objects).flatMap(({ spec, containers }) => [
    ...containers.map(({ image }) => image),
    ...((spec.volumes ?? []) as readonly ImageVolume[]).map(({ image }) => image?.reference),
  ]);
  return [...new Set(images.flatMap((image) => image ?? []))].sort();
}
