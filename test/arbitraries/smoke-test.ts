import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, some } from './shared/record';

export const smokeTest: ComponentArbitrary<'smokeTest'> = {
  sections: { smokeTest: some<Optional<EnvironmentInput['smokeTest']>>({ enabled: fc.boolean() }) },
};
