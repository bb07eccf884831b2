import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { monitoring as section } from './section';

type MonitoringSection = DeepReadonly<z.output<typeof section>>;
type MetricsSection = NonNullable<MonitoringSection['metrics']>;

/** The sections that monitoring follows from. */
export interface GivenMonitoring {
  readonly name: string;
  readonly monitoring: MonitoringSection;
}

/** The server's metrics, with the Secret that has the scraper's login. */
export interface Metrics extends MetricsSection {
  readonly credentials: MetricsSection['credentials'] & { readonly secret: string };
}

/** Metrics, alerts and a dashboard. */
export interface Monitoring extends Omit<MonitoringSection, 'metrics'> {
  readonly metrics?: Metrics;
}

/** The Service of the metrics, separate so that no load balancer or node exposes them. */
export const metricsName = (instance: string): string => `${instance}-metrics`;

/** Fills in the Secret of the scraper's login. */
export function resolveMonitoring({ name, monitoring }: GivenMonitoring): { readonly monitoring: Monitoring } {
  const { metrics, ...others } = monitoring;
  if (!metrics) return { monitoring: others };
  const credentials = { ...metrics.credentials, secret: metrics.credentials.secret ?? metricsName(name) };
  return { monitoring: { ...others, metrics: { ...metrics, credentials } } };
}
