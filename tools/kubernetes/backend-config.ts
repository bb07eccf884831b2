import type { Schema } from '../../lib/kubernetes/schema';
import { map, oneOf, text } from './schema-parts';

const number: Schema = { type: 'integer' };

/**
 * BackendConfig of Google Kubernetes Engine, whose definition is only in its clusters. What is not written here is not
 * checked.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration
 */
export const BACKEND_CONFIG: Schema = map({
  apiVersion: text,
  kind: text,
  spec: map({
    cdn: {},
    connectionDraining: map({ drainingTimeoutSec: number }),
    customRequestHeaders: {},
    customResponseHeaders: {},
    healthCheck: map({
      checkIntervalSec: number,
      healthyThreshold: number,
      port: number,
      requestPath: text,
      timeoutSec: number,
      type: oneOf('HTTP', 'HTTP2', 'HTTPS'),
      unhealthyThreshold: number,
    }),
    iap: {},
    logging: {},
    securityPolicy: {},
    sessionAffinity: {},
    timeoutSec: number,
  }),
});
