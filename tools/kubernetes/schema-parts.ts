import type { Schema } from '../../lib/kubernetes/schema';

/** Parts of schemas that are written by hand. */

/** Any text. */
export const text: Schema = { type: 'string' };

/** A map of texts. */
export const texts: Schema = { type: 'object', additionalProperties: text };

/** A map of these fields, some of them required. */
export const map = (properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
});

/** One of these texts. */
export const oneOf = (...values: string[]): Schema => ({ type: 'string', enum: values });
