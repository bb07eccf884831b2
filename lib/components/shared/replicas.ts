/** How many server pods there are, as a user wrote it. */
export interface Scaling {
  /** @default 1 */
  readonly replicas?: number;
  readonly autoscaling?: { readonly maxReplicas: number };
}

/** The most server pods that there may be, without those that a rolling update adds. */
export const mostReplicas = ({ replicas = 1, autoscaling }: Scaling): number => autoscaling?.maxReplicas ?? replicas;
