import type { Check } from '../../input/issue';
import { tagChecks } from '../shared/sections/image';
import type { GivenImage } from './resolve';

/** Checks between the keys of `image`. */
export function imageChecks({ image, mlflowVersion }: GivenImage): Check[] {
  const { pullSecret, pullSecrets } = image;
  return [
    // Without the release a tag such as latest is refused for that.
    ...(mlflowVersion === undefined ? [] : tagChecks(['image'], image)),
    {
      path: ['image', 'pullSecrets'],
      dependsOn: [['image', 'pullSecret']],
      violated: pullSecret !== undefined && pullSecrets !== undefined,
      message: 'is set beside pullSecret (move pullSecret into the list)',
    },
  ];
}
