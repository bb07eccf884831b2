import { parseReference } from '../../kubernetes/image-reference';
import type { Rule } from './rule';
import { podsOf } from './workloads';

/** Every image is named by a tag that stays what it is, or by its digest. */
export const imagesArePinned: Rule = {
  name: 'images-are-pinned',
  reason: 'a pod that moves to another node may run another program, and nothing in git says which',
  patched: 'allowed',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers
        .filter(({ image = '' }) => !isPinned(image))
        .map(({ name, image }) => ({
          object,
          message: `container ${name} is of image ${image ?? '(none)'} (name a tag other than latest, or a digest)`,
        })),
    ),
};

function isPinned(image: string): boolean {
  const { tag, digest } = parseReference(image);
  return Boolean(digest) || (Boolean(tag) && tag !== 'latest');
}
