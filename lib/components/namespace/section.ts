import { z } from 'zod';
import { namespaceName } from '../../kubernetes/fields';
import { section } from '../shared/sections/fields';

/** The namespace of the instance. */
export const namespace = section({
  name: namespaceName().default('mlflow').describe('Namespace of all objects.'),
  create: z
    .boolean()
    .default(true)
    .describe('Whether the output contains the Namespace. Use `false` if it is managed elsewhere.'),
  podSecurity: z
    .enum(['restricted', 'baseline', 'privileged'])
    .default('restricted')
    .describe('Pod Security level that the namespace enforces. All pods of the instance comply with `restricted`.'),
}).describe('The namespace of the instance.');
