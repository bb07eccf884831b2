import { matches } from '../../../kubernetes/grammar';
import { isMovingTag, parseReference, REPOSITORY, TAG } from '../../../kubernetes/image-reference';
import type { PodSpec } from '../../../kubernetes/objects';
import { advisedRule, type Rule } from '../rule';
import { podsOf } from '../workloads';

/** Every image is one that a node can pull. */
export const validImages: Rule = {
  name: 'valid-images',
  reason: 'the API server refuses a container without an image, and a node pulls none with an invalid name',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers
        .filter(({ image = '' }) => !isValid(image))
        .map(({ name, image }) => ({
          object,
          message: `container ${name} has ${image ? `image ${image}` : 'no image'} (use ${REPOSITORY.form}, with a tag or digest)`,
        })),
    ),
};

// Nodes know more digests than the environment file, which takes the usual one.
const ANY_DIGEST = /^sha(256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/;

function isValid(image: string): boolean {
  const { repository, tag, digest } = parseReference(image);
  return (
    matches(REPOSITORY, repository) &&
    (tag === undefined || matches(TAG, tag)) &&
    (digest === undefined || ANY_DIGEST.test(digest))
  );
}

/** Every image has a digest, or a tag that does not move. */
export const imagesArePinned = advisedRule({
  name: 'images-are-pinned',
  reason: 'a pod that moves to another node may run another version, and git does not record which',
  patched: 'allowed',
  find: (objects) =>
    podsOf(objects).flatMap(({ object, spec, containers }) =>
      [
        ...containers.map(({ name, image }) => ({ where: `container ${name}`, image })),
        ...imagesOf(spec).map(({ name, image }) => ({ where: `volume ${name}`, image: image?.reference })),
      ]
        .filter(({ image = '' }) => !isPinned(image))
        .map(({ where, image }) => ({
          object,
          what: `${where} has image ${image ?? '(none)'}, whose tag can change between pulls`,
          fix: 'use an immutable tag, or a digest',
        })),
    ),
});

/** Volumes with the files of an image, a field that is newer than the types. */
const imagesOf = ({ volumes = [] }: PodSpec) =>
  (volumes as readonly { readonly name: string; readonly image?: { readonly reference?: string } }[]).filter(
    ({ image }) => image !== undefined,
  );

function isPinned(image: string): boolean {
  const { tag, digest } = parseReference(image);
  return Boolean(digest) || (Boolean(tag) && !isMovingTag(tag ?? ''));
}
