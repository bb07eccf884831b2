import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { KubeHorizontalPodAutoscalerV2 } from '../../kubernetes/objects';
import type { Instance } from '../shared/instance';
import type { ServerSection } from './resolve';

/** What the autoscaler is created from. */
export interface AutoscalerProps {
  readonly instance: Instance;
  readonly autoscaling: NonNullable<ServerSection['autoscaling']>;
}

/**
 * Keeps the number of server pods within bounds and by their CPU use. Memory says nothing of load: a worker keeps what it
 * once took.
 */
export class Autoscaler extends Construct {
  constructor(scope: Construct, id: string, { instance, autoscaling }: AutoscalerProps) {
    super(scope, id);
    const { minReplicas, maxReplicas, cpuUtilization, scaleDownStabilizationSeconds } = autoscaling;
    new KubeHorizontalPodAutoscalerV2(this, 'Autoscaler', {
      metadata: objectMetadata(instance, 'server'),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: instance.name },
        minReplicas,
        maxReplicas,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuUtilization } },
          },
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: scaleDownStabilizationSeconds,
            // One at a time: a pod that ends sends its clients' kept connections to the others at once.
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
    });
  }
}
