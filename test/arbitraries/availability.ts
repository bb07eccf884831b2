import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { type Optional, pick, some } from './shared/record';

export const availability: ComponentArbitrary<'availability'> = {
  sections: {
    availability: some<Optional<EnvironmentInput['availability']>>({
      disruptionBudget: fc.boolean(),
      topologySpread: fc.boolean(),
      antiAffinity: pick('preferred', 'required', 'none'),
    }),
  },
};
