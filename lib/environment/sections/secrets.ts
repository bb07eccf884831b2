import { z } from 'zod';
import { section } from './common';

export const secrets = section({
  /** Who makes the Secrets that the other sections name. `existing`: somebody else, before or after the apply; pods wait for them. `generated`: Jobs in the cluster, with random values, each Secret that is missing and that nobody else can know (the login, and the credentials of embedded stores). */
  provider: z.enum(['existing', 'generated']).default('existing'),
});
