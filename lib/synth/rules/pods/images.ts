import { parseReference } from '../../../kubernetes/image-reference';
import type { Rule } from '../rule';
import { podsOf } from '../workloads';

/** Every image has a digest, or a tag other than latest. */
export const imagesArePinned: Rule = {
  name: 'images-are-pinned',
  reason: 'a pod that moves to another node may run another version, and git does not record which',
  patched: 'allowed',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers
        .filter(({ image = '' }) => !isPinned(image))
        .map(({ name, image }) => ({
          object,
          message: `container ${name} has image ${image ?? '(none)'}, whose tag can change between pulls (use an immutable tag, or a digest)`,
        })),
    ),
};

function isPinned(image: string): boolean {
  const { tag, digest } = parseReference(image);
  return Boolean(digest) || (Boolean(tag) && tag !== 'latest');
}
