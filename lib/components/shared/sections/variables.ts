import { z } from 'zod';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { section } from './fields';

/** The name of an environment variable. */
export const variableName = () =>
  z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be a variable name: letters, digits and _');

/** A variable whose value is in an object. */
const variableReference = section({
  configMap: objectName().optional().describe('ConfigMap with the value. Set this or `secret`.'),
  secret: objectName().optional().describe('Secret with the value. Set this or `configMap`.'),
  key: dataKey().describe('Key of the ConfigMap or Secret.'),
}).describe('A variable whose value is in an object.');

/** Environment variables by name, with their values or the objects that contain them. */
export const variables = () =>
  z
    .record(
      variableName(),
      z.union([z.string(), variableReference], { error: 'must be a text, or secret (or configMap) and key' }),
    )
    .default({});
