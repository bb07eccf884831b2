import { alertsOf } from '../lib/environment/contributions';
import { evaluate } from '../lib/environment/evaluate';
import type { EnvironmentInput } from '../lib/environment/generated/input';
import { markdownTable } from './markdown-table';

/** An environment that has everything that an alert is about. */
const WATCHED: EnvironmentInput = {
  database: { embedded: {} },
  artifacts: { embedded: {} },
  secrets: { provider: 'generated' },
  service: { tls: { secret: 'mlflow-tls' } },
  monitoring: { metrics: {}, rules: {} },
  backup: { schedule: '0 3 * * *', destination: { claim: {} }, verification: { schedule: '0 5 * * 0' } },
  garbageCollection: { schedule: '0 4 * * 0' },
};

/** A summary as a reader of a page reads it: with names in place of what Prometheus fills in. */
const readable = (summary: string): string =>
  summary
    .replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => label.toUpperCase())
    .replaceAll(/\{\{ \$value.*?\}\}/g, 'N');

/** The reference page of all alerts. */
export function alertsPage(): string {
  const { environment, issues } = evaluate(WATCHED);
  if (!environment) throw new Error(JSON.stringify(issues));
  return [
    '# Alerts',
    '',
    'Generated from the `observability.ts` of each component in `lib/components`; change it there and run `npm run generate`.',
    '',
    'What `monitoring.rules` creates, for an instance `mlflow` and the default thresholds. Each alert has a page that says what to look at and what to do.',
    '',
    ...markdownTable(
      ['alert', 'severity', 'fires when'],
      alertsOf(environment).map(({ name, severity, minutes, summary }) => [
        `[${name}](${name}.md)`,
        severity,
        `${readable(summary)}${minutes > 0 ? `, for ${minutes} minutes` : ''}`,
      ]),
    ),
    '',
  ].join('\n');
}
