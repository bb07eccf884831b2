import { stringify } from 'yaml';
import { scrapeConfig } from '../mlflow/scraping';
import type { NamedEnvironment } from './environments';

/** What a Prometheus without the operator needs to scrape an environment, as lines to copy. */
export function explainMonitoring({ name, environment }: NamedEnvironment): string[] {
  const { monitoring, namespace } = environment;
  const { metrics } = monitoring;
  if (!metrics) return [`# ${name}: no metrics are on (give monitoring.metrics: {}).`, ''];
  const { secret, usernameKey, passwordKey } = metrics.credentials;
  const { scraper } = metrics;
  const labels = Object.entries(scraper.labels).map(([key, value]) => `${key}=${value}`);
  return [
    `# ${name}: a job for prometheus.yml. Prometheus needs leave to get, list and watch pods in namespace ${namespace.name}.`,
    `# The login is in Secret ${namespace.name}/${secret}: ${usernameKey} holds the name (metrics where it is generated), ${passwordKey}`,
    '# the password. Copy it to where Prometheus reads it, and put the name and the path of the file below.',
    `# The network policy lets in pods of namespace ${scraper.namespace}${labels.length > 0 ? ` with ${labels.join(', ')}` : ''} (monitoring.metrics.scraper).`,
    ...stringify({ scrape_configs: [scrapeConfig(environment, metrics)] }, { lineWidth: 0 })
      .trimEnd()
      .split('\n'),
    '',
  ];
}
