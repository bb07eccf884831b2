import { z } from 'zod';
import { section, text } from '../components/shared/sections/fields';

export const patchOperation = section({
  /** What is done, as in RFC 6902. */
  op: z.enum(['add', 'remove', 'replace', 'test']),
  /** JSON Pointer to the place: `/spec/template/spec/hostAliases`. */
  path: z.string().regex(/^(\/.*)?$/s, 'must be a JSON Pointer such as /spec/replicas'),
  /** Value for add, replace and test. */
  value: z.unknown().optional(),
});

export const patch = section({
  /** Kind of the object: `Deployment`. */
  kind: text(),
  /** Name of the object. */
  name: text(),
  /** What is changed, in order. */
  operations: z.array(patchOperation).min(1),
});
