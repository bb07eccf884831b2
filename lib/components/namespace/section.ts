import { z } from 'zod';
import { namespaceName, section } from '../shared/sections/fields';

export const namespace = section({
  /** Namespace that everything is put into. */
  name: namespaceName().default('mlflow'),
  /** Whether the Namespace object is part of the output. Turn it off where somebody else makes it. */
  create: z.boolean().default(true),
  /** Pod Security level that the Namespace enforces. All our pods satisfy the strictest. */
  podSecurity: z.enum(['restricted', 'baseline', 'privileged']).default('restricted'),
});
