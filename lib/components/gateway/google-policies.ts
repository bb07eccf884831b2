import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import type { Instance } from '../shared/instance';

/** What the policies are created from. */
export interface GooglePoliciesProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The page by which the balancer tells whether a pod is well. */
  readonly healthPath: string;
  /** Seconds for a whole request. */
  readonly seconds: number;
  /** How the balancer speaks to the pods. */
  readonly backend: 'http' | 'https';
}

/**
 * What a Gateway of Google needs to know of the Service. Without it a request may take 30 seconds, and a pod is well if it
 * answers `/` with 200, which MLflow does not where it asks for a login.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 */
export class GooglePolicies extends Construct {
  readonly healthCheck: ApiObject;
  readonly backend: ApiObject;

  constructor(scope: Construct, id: string, { instance, healthPath, seconds, backend }: GooglePoliciesProps) {
    super(scope, id);
    const policy = (kind: string, settings: object) =>
      new ApiObject(this, kind, {
        apiVersion: 'networking.gke.io/v1',
        kind,
        metadata: objectMetadata(instance, 'server'),
        spec: { default: settings, targetRef: { group: '', kind: 'Service', name: instance.name } },
      });
    const page = { portSpecification: 'USE_SERVING_PORT', requestPath: healthPath };
    this.healthCheck = policy('HealthCheckPolicy', {
      config: backend === 'https' ? { type: 'HTTPS', httpsHealthCheck: page } : { type: 'HTTP', httpHealthCheck: page },
    });
    this.backend = policy('GCPBackendPolicy', { timeoutSec: seconds });
  }
}
