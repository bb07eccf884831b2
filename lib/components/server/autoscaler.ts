import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { KubeHorizontalPodAutoscalerV2, type MetricSpecV2 } from '../../kubernetes/objects';
import type { Instance } from '../shared/instance';
import type { ServerSection } from './resolve';

/** What the autoscaler is created from. */
export interface AutoscalerProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly autoscaling: NonNullable<ServerSection['autoscaling']>;
}

/** Scales the number of server pods with their CPU use, and with that of memory if you say so. */
export class Autoscaler extends Construct {
  constructor(scope: Construct, id: string, { instance, autoscaling }: AutoscalerProps) {
    super(scope, id);
    const { minReplicas, maxReplicas, cpuUtilization, memoryUtilization, scaleDownStabilizationSeconds } = autoscaling;
    new KubeHorizontalPodAutoscalerV2(this, 'Autoscaler', {
      metadata: objectMetadata(instance, 'server'),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: instance.name },
        minReplicas,
        maxReplicas,
        metrics: [
          utilization('cpu', cpuUtilization),
          ...(memoryUtilization === undefined ? [] : [utilization('memory', memoryUtilization)]),
        ],
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: scaleDownStabilizationSeconds,
            // One at a time: the kept-alive connections of a terminated pod move to the others at once.
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        },
      },
    });
  }
}

/** A target for the average use of a resource by the pods, in percent of their requests. */
const utilization = (name: 'cpu' | 'memory', percent: number): MetricSpecV2 => ({
  type: 'Resource',
  resource: { name, target: { type: 'Utilization', averageUtilization: percent } },
});
