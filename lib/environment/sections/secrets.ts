import { z } from 'zod';
import { section } from './common';

export const secrets = section({
  /** Who makes the Secrets that the other sections name. `existing`: somebody else, before or after the apply; pods wait for them. */
  provider: z.enum(['existing']).default('existing'),
});
