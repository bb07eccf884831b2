import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { IDLE_SECONDS } from '../exposure/transfers';
import type { Instance } from '../shared/instance';
import { controller } from './controllers';
import type { Ingress } from './resolve';

/** What the BackendConfig is created from. */
export interface BackendConfigProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The page by which the balancer tells whether a pod is well. */
  readonly healthPath: string;
  /** The port of the pods that the Service leads to. */
  readonly podPort: number;
  /** How the balancer speaks to the pods. */
  readonly backend: 'http' | 'https';
}

/**
 * The annotations by which a Service names the BackendConfig and its protocol, and has the balancer reach its pods; none
 * for other controllers. The latter is the default only without network policies of GKE and without a shared VPC, and
 * otherwise the balancer takes no Service of type ClusterIP.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/container-native-load-balancing
 */
export const backendConfigAnnotations = (
  name: string,
  ingress: Ingress | undefined,
  backend: BackendConfigProps['backend'],
): Record<string, string> =>
  ingress && controller(ingress.controller).usesBackendConfig
    ? {
        'cloud.google.com/backend-config': `{"default":"${name}"}`,
        'cloud.google.com/neg': '{"ingress":true}',
        ...(backend === 'https' ? { 'cloud.google.com/app-protocols': `{"${backend}":"HTTPS"}` } : {}),
      }
    : {};

/**
 * What the load balancer of Google needs to know of the pods. Without it a request may take 30 seconds.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration
 */
export class BackendConfig extends Construct {
  readonly backendConfig: ApiObject;

  constructor(scope: Construct, id: string, { instance, healthPath, podPort, backend }: BackendConfigProps) {
    super(scope, id);
    this.backendConfig = new ApiObject(this, 'BackendConfig', {
      apiVersion: 'cloud.google.com/v1',
      kind: 'BackendConfig',
      metadata: objectMetadata(instance, 'server'),
      spec: {
        timeoutSec: IDLE_SECONDS,
        healthCheck: { type: backend.toUpperCase(), requestPath: healthPath, port: podPort },
      },
    });
  }
}
