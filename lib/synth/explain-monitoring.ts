import { stringify } from 'yaml';
import { ruleGroups } from '../components/monitoring/alert-groups';
import { scrapeConfig } from '../components/monitoring/scraping';
import { rules } from '../components/monitoring/section';
import { alertsOf } from '../environment/contributions';
import type { NamedEnvironment } from './environments';

/** What a Prometheus without the operator needs for an environment, as YAML documents to copy: a job, and a file of rules. */
export function explainMonitoring({ name, environment }: NamedEnvironment): string[] {
  const { monitoring, namespace } = environment;
  const { metrics } = monitoring;
  if (!metrics) return [`# ${name}: no metrics are on (give monitoring.metrics: {}).`];
  const { secret, usernameKey, passwordKey } = metrics.credentials;
  const { scraper } = metrics;
  const labels = Object.entries(scraper.labels).map(([key, value]) => `${key}=${value}`);
  const settings = monitoring.rules ?? rules.parse({});
  const alerts = alertsOf({ ...environment, monitoring: { ...monitoring, rules: settings } });
  return [
    `# ${name}: a job for prometheus.yml. Prometheus needs leave to get, list and watch pods in namespace ${namespace.name}.
# The login is in Secret ${namespace.name}/${secret}: ${usernameKey} holds the name (metrics where it is generated), ${passwordKey}
# the password. Copy it to where Prometheus reads it, and put the name and the path of the file below.
# The network policy lets in pods of namespace ${scraper.namespace}${labels.length > 0 ? ` with ${labels.join(', ')}` : ''} (monitoring.metrics.scraper).
${yaml({ scrape_configs: [scrapeConfig(environment, metrics)] })}`,
    `# ${name}: alerts, for a file that rule_files names. ${monitoring.rules ? 'As monitoring.rules says.' : 'With the usual thresholds, since there is no monitoring.rules.'}
${yaml({ groups: ruleGroups(alerts, namespace.name, settings) })}`,
  ];
}

const yaml = (value: object): string => stringify(value, { lineWidth: 0 }).trimEnd();
