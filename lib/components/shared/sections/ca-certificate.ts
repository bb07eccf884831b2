import { dataKey, objectName, section } from './fields';

export const certificateAuthority = section({
  /** ConfigMap in the instance's namespace that holds the certificates; give this or `secret`. */
  configMap: objectName().optional(),
  /** Secret in the instance's namespace that holds the certificates; give this or `configMap`. */
  secret: objectName().optional(),
  /** Key of the PEM file in it. */
  key: dataKey().default('ca.crt'),
});
