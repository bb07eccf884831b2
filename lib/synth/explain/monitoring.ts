import { stringify } from 'yaml';
import { ruleGroups } from '../../components/monitoring/alert-groups';
import { scrapeConfig } from '../../components/monitoring/scraping';
import { rules } from '../../components/monitoring/section';
import { alertsOf } from '../../environment/contributions';
import type { NamedEnvironment } from '../environments';
import { withPrintableTexts } from '../output/render';

/**
 * What a Prometheus without the operator needs for an environment, as YAML documents to copy: a job, and a file of
 * rules.
 */
export function explainMonitoring({ name, environment }: NamedEnvironment): string[] {
  const { monitoring, namespace } = environment;
  const { metrics } = monitoring;
  if (!metrics) return [`# ${name}: metrics are off (set monitoring.metrics: {}).`];
  const { secret, usernameKey, passwordKey } = metrics.credentials;
  const { scraper } = metrics;
  const labels = Object.entries(scraper.labels).map(([key, value]) => `${key}=${value}`);
  const settings = monitoring.rules ?? rules.parse({});
  const alerts = alertsOf({ ...environment, monitoring: { ...monitoring, rules: settings } });
  return [
    `# ${name}: a scrape job for prometheus.yml. Prometheus needs permission to get, list and watch pods in namespace ${namespace.name}.
# The login is in Secret ${namespace.name}/${secret}: the username under key ${usernameKey} (metrics if it is generated), the
# password under key ${passwordKey}. Copy the password to a file that Prometheus can read, and set username and path below.
# The network policy allows pods of namespace ${scraper.namespace}${labels.length > 0 ? ` with ${labels.join(', ')}` : ''} (monitoring.metrics.scraper).
${yaml({ scrape_configs: [scrapeConfig(environment, metrics)] })}`,
    `# ${name}: alerts, for a file in rule_files, with ${monitoring.rules ? 'the thresholds of monitoring.rules' : 'default thresholds, because monitoring.rules is not set'}.
${yaml({ groups: ruleGroups(alerts, namespace.name, settings) })}`,
  ];
}

const yaml = (value: object): string => stringify(value, { lineWidth: 0, customTags: withPrintableTexts }).trimEnd();
