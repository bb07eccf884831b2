import type { Component } from '../component';
import { type Owner, serviceHost } from '../service/hosts';
import type { Served } from '../service/tls';
import { METRICS_PORT } from '../shared/constants';
import { keysOf } from '../shared/contributions/secret-keys';
import { namespacePeer, tcp } from '../shared/contributions/traffic';
import { monitoringChecks, monitoringWarnings, type ObservedSections } from './checks';
import { Monitoring } from './construct';
import { type GivenMonitoring, resolveMonitoring } from './resolve';
import { monitoringRisks, type ScrapedSections } from './risks';
import { GENERATED_USERNAME } from './scraping';
import { monitoring as section } from './section';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends ObservedSections, Omit<ScrapedSections, 'monitoring'>, Owner {
  readonly service: Served;
}

/** Metrics, alerts and a dashboard, from what all components contribute. */
export const monitoring = {
  sections: { monitoring: section.prefault({}) },
  checks: monitoringChecks,
  resolve: resolveMonitoring,
  warnings: monitoringWarnings,
  risks: monitoringRisks,
  secretKeys: ({ monitoring: { metrics } }) => {
    if (!metrics) return [];
    const { secret, usernameKey, passwordKey } = metrics.credentials;
    const section = ['monitoring', 'metrics', 'credentials'];
    return keysOf({ section, purpose: 'metrics', secret, isOurs: true }, [
      // For HTTP, this login follows the same rules as one of MLflow.
      ['usernameKey', usernameKey, 'mlflow-username', { text: GENERATED_USERNAME }],
      ['passwordKey', passwordKey, 'mlflow-password', { random: 32 }],
    ]);
  },
  traffic: ({ name, monitoring: { metrics } }) => {
    if (!metrics) return [];
    const { namespace, labels } = metrics.scraper;
    const podSelector = Object.keys(labels).length > 0 ? { matchLabels: { ...labels } } : undefined;
    const scraping = { from: [{ ...namespacePeer(namespace), podSelector }], ports: [tcp(METRICS_PORT)] };
    return [{ role: 'server', policy: name, ingress: [scraping] }];
  },
  file: 'monitoring',
  create: (scope, id, resolved, { instance, others }) => {
    const { monitoring, service } = resolved;
    const host = serviceHost(resolved);
    if (monitoring.metrics) new Monitoring(scope, id, { instance, monitoring, service, host, observed: others });
  },
} satisfies Component<GivenMonitoring, ReturnType<typeof resolveMonitoring>, Resolved>;
