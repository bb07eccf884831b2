import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Issue, Path } from '../../input/issue';
import { formatReference, mirrored } from '../../kubernetes/image-reference';
import { compareReleases, OLDEST_RELEASE, releaseOfTag } from '../../mlflow/releases';
import { MLFLOW_IMAGE } from '../../versions';
import type { image as section } from './section';

type ImageSection = DeepReadonly<z.output<typeof section>>;

/** The sections that determine which MLflow runs. */
export interface GivenImage {
  readonly image: ImageSection;
  readonly mlflowVersion?: string;
}

/** The image of the server, and of every pod that runs MLflow. */
export interface ContainerImage extends ImageSection {
  /** The image reference with tag and digest. */
  readonly reference: string;
  readonly repository: string;
  /** The Secrets of `pullSecret` or `pullSecrets`. */
  readonly pullSecrets: readonly string[];
}

/** Whether an image is MLflow's own, or a copy of it in `registry`. */
export const isOfficial = ({ repository, registry }: Pick<ContainerImage, 'repository' | 'registry'>): boolean =>
  [MLFLOW_IMAGE.repository, mirrored(MLFLOW_IMAGE.repository, registry)].includes(repository);

/** Fills in the repository, and the tag: the newest tested release, unless only a digest is set. */
export function resolveImage({ image }: GivenImage): { readonly image: ContainerImage } {
  const repository = image.repository ?? mirrored(MLFLOW_IMAGE.repository, image.registry);
  const named = { ...image, repository, tag: tagOf(image) };
  const pullSecrets = image.pullSecrets ?? (image.pullSecret === undefined ? [] : [image.pullSecret]);
  return { image: { ...named, reference: formatReference(named), pullSecrets } };
}

const tagOf = ({ tag, digest }: ImageSection): string | undefined => tag ?? (digest ? undefined : MLFLOW_IMAGE.tag);

/** The keys that determine which release is in the image. */
export const RELEASE_KEYS: readonly Path[] = [['image', 'tag'], ['image', 'digest'], ['mlflowVersion']];

/** The release in the image, from `mlflowVersion` or the tag, or why it is unknown. */
export function findRelease({ image, mlflowVersion }: GivenImage): {
  readonly version?: string;
  readonly issues: readonly Issue[];
} {
  const tag = tagOf(image);
  const named = tag ? releaseOfTag(tag) : undefined;
  const version = mlflowVersion ?? named;
  const failed = (path: readonly string[], message: string) => ({
    issues: [{ path, dependsOn: RELEASE_KEYS, message }],
  });
  if (mlflowVersion && named && named !== mlflowVersion) {
    return failed(
      ['mlflowVersion'],
      `is ${mlflowVersion}, but tag ${tag} is of MLflow ${named} (remove it, or change the tag)`,
    );
  }
  if (version === undefined && tag) {
    return failed(
      ['image', 'tag'],
      `contains no MLflow release, as ${OLDEST_RELEASE}-4 or ${MLFLOW_IMAGE.tag} do (set mlflowVersion to the release in the image)`,
    );
  }
  if (version === undefined) {
    return failed(
      ['image', image.digest ? 'digest' : 'tag'],
      'does not identify the MLflow release (set image.tag, or mlflowVersion)',
    );
  }
  if (compareReleases(version, OLDEST_RELEASE) < 0) {
    return failed(
      mlflowVersion ? ['mlflowVersion'] : ['image', 'tag'],
      `is MLflow ${version}, which is too old (use ${OLDEST_RELEASE} or newer)`,
    );
  }
  return { version, issues: [] };
}

/** The key that names the release, for messages. */
export const releasePath = ({ mlflowVersion }: Pick<GivenImage, 'mlflowVersion'>): readonly string[] =>
  mlflowVersion ? ['mlflowVersion'] : ['image', 'tag'];
