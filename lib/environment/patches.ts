import { z } from 'zod';
import { section, text } from '../components/shared/sections/fields';

/** One operation of a JSON patch. */
const patchOperation = section({
  op: z.enum(['add', 'remove', 'replace', 'test']).describe('Operation, as in RFC 6902.'),
  path: z
    .string()
    .regex(
      /^(\/([^~]|~[01])*)?$/s,
      'must be a JSON Pointer such as /spec/replicas, in which ~1 stands for / and ~0 for ~',
    )
    .describe('JSON Pointer to the field: `/spec/template/spec/hostAliases`.'),
  value: z.unknown().optional().describe('Value, for `add`, `replace` and `test`.'),
}).describe('One operation of a JSON patch.');

/** A JSON patch of one object. */
export const patch = section({
  kind: text().describe('Kind of the object: `Deployment`.'),
  name: text().describe('Name of the object.'),
  operations: z.array(patchOperation).min(1).describe('Operations, applied in order.'),
}).describe('A JSON patch of one object.');
