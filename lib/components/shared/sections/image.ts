import type { z } from 'zod';
import { type Check, formatPath, type Path } from '../../../input/issue';
import { following } from '../../../kubernetes/fields';
import { DIGEST, isMovingTag, mirrored, REPOSITORY, TAG } from '../../../kubernetes/image-reference';
import { POSTGRESQL_IMAGE } from '../../../versions';

/** Registry and repository of an image, without tag. */
export const imageRepository = () => following(REPOSITORY);

/** The repository of an official image, unless the user names one: its own, or that of its copy in `image.registry`. */
export const officialRepository = (official: string, description: string) =>
  imageRepository()
    .optional()
    .meta({
      description,
      derived: `\`${official}\`, or \`${mirrored(official, 'REGISTRY')}\` with \`image.registry\``,
    });

/** Tag of an image. */
export const imageTag = () => following(TAG);

/** Digest of an image. */
const imageDigest = () => following(DIGEST);

/** The keys of an image: a repository and a tag with the defaults and texts of the caller, and a digest. */
export const imageKeys = <Repository extends z.ZodType, Tag extends z.ZodType>(keys: {
  readonly repository: Repository;
  readonly tag: Tag;
}) => ({
  ...keys,
  digest: imageDigest().optional().describe('Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits.'),
});

interface GivenImage {
  readonly tag?: string;
  readonly digest?: string;
}

/** The tag always names the same image. */
export function tagChecks(path: Path, image: GivenImage | undefined): Check[] {
  return [
    {
      path: [...path, 'tag'],
      violated: image?.tag !== undefined && isMovingTag(image.tag) && image.digest === undefined,
      message: `${image?.tag} can change between pulls (use an immutable tag, or add ${formatPath([...path, 'digest'])})`,
    },
  ];
}

/** The image has the tools of Debian. */
export function debianChecks(path: Path, image: GivenImage | undefined): Check[] {
  return [
    {
      path: [...path, 'tag'],
      violated: /alpine/.test(image?.tag ?? ''),
      message: `Alpine-based images lack required tools (use a Debian-based tag, for example ${POSTGRESQL_IMAGE.tag})`,
    },
  ];
}
