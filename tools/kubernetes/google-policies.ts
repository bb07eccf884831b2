import type { Schema } from '../../lib/kubernetes/schema';
import { map, oneOf, text } from './schema-parts';

const number: Schema = { type: 'integer' };
const target = map({ group: text, kind: text, name: text, namespace: text }, 'group', 'kind', 'name');

const httpCheck = map({
  host: text,
  port: number,
  portName: text,
  portSpecification: oneOf('USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT'),
  proxyHeader: oneOf('NONE', 'PROXY_V1'),
  requestPath: text,
  response: text,
});

/**
 * Policies of Google's Gateway controller. What is not written here is not checked.
 *
 * @see https://googlecloudplatform.github.io/gke-gateway-api
 */
export const HEALTH_CHECK_POLICY: Schema = map({
  apiVersion: text,
  kind: text,
  spec: map(
    {
      default: map({
        checkIntervalSec: number,
        timeoutSec: number,
        healthyThreshold: number,
        unhealthyThreshold: number,
        logConfig: {},
        config: map({
          type: oneOf('GRPC', 'HTTP', 'HTTP2', 'HTTPS', 'TCP'),
          httpHealthCheck: httpCheck,
          httpsHealthCheck: httpCheck,
          http2HealthCheck: httpCheck,
          grpcHealthCheck: {},
          tcpHealthCheck: {},
        }),
      }),
      targetRef: target,
    },
    'targetRef',
  ),
});

/** See `HEALTH_CHECK_POLICY`. */
export const BACKEND_POLICY: Schema = map({
  apiVersion: text,
  kind: text,
  spec: map(
    {
      default: map({
        timeoutSec: number,
        backendPreference: {},
        connectionDraining: {},
        iap: {},
        logging: {},
        maxRatePerEndpoint: {},
        scopes: {},
        securityPolicy: {},
        sessionAffinity: {},
      }),
      targetRef: target,
    },
    'targetRef',
  ),
});
