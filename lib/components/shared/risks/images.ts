import { formatPath, type Path } from '../../../input/issue';
import { isMajorTag, parseReference } from '../../../kubernetes/image-reference';
import type { RiskCheck } from './risk';

/**
 * The tag of an image names a release, not a series of them.
 *
 * @param path the section of the image
 * @param reference the image as a pod names it; undefined if there is none
 */
export function imageRisk(path: Path, reference: string | undefined): RiskCheck {
  const { tag = '', digest } = parseReference(reference ?? '');
  return {
    path: [...path, 'tag'],
    risk: 'weak-pods',
    applies: isMajorTag(tag) && digest === undefined,
    what: `is ${tag}, which names another image after each release, so two pods can differ`,
    fix: `use the tag of one release, or add ${formatPath([...path, 'digest'])}`,
  };
}
