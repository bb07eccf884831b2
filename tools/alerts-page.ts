import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { thresholds as section } from '../lib/components/monitoring/section';
import type { Thresholds } from '../lib/components/monitoring/thresholds';
import { alertsOf } from '../lib/environment/contributions';
import { evaluate } from '../lib/environment/evaluate';
import type { EnvironmentInput } from '../lib/environment/generated/input';
import { alertsWith } from '../lib/environment/unused-thresholds';
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

/** A threshold of an alert, with its default. */
interface Threshold {
  readonly name: string;
  readonly value: number;
}

/** The units of values that Prometheus writes as a duration, by the end of the threshold's name. */
const unitOf = ({ name }: Threshold): string => /(?:Hours|Days)$/.exec(name)?.[0].toLowerCase() ?? '';

/** A summary as a reader of a page reads it: at the threshold, and of any pod, container or claim. */
const readable = (summary: string, [threshold]: readonly Threshold[]): string =>
  summary
    .replaceAll(/(\w+) \{\{ \$labels\.\w+ \}\}/g, 'a $1')
    .replaceAll(/\{\{ \$value(.*?) \}\}/g, (_, format: string) =>
      threshold === undefined
        ? '…'
        : [threshold.value, ...(format.includes('humanizeDuration') ? [unitOf(threshold)] : [])].join(' '),
    );

type Environment = NonNullable<ReturnType<typeof evaluate>['environment']>;

/** The thresholds that an alert uses: it is another one with another value. */
function thresholdsOf(environment: Environment, alert: string): Threshold[] {
  const defaults: Thresholds = section.parse({});
  const textWith = (thresholds: Thresholds) =>
    JSON.stringify(alertsWith(environment, thresholds).find(({ name }) => name === alert));
  return (Object.keys(defaults) as (keyof Thresholds)[])
    .filter((name) => textWith({ ...defaults, [name]: 1 }) !== textWith(defaults))
    .map((name) => ({ name, value: defaults[name] }));
}

/** @throws Error unless each alert has a page, and each page an alert */
function checkPages(alerts: readonly string[]): void {
  const folder = join(__dirname, '..', 'docs', 'alerts');
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  const differing = [
    ...alerts.map((name) => `${name}.md`).filter((page) => !pages.includes(page)),
    ...pages.filter((page) => !alerts.includes(page.replace('.md', ''))),
  ];
  if (differing.length > 0) throw new Error(`alerts and pages in docs/alerts differ: ${differing.join(', ')}`);
}

/** The reference page of all alerts. */
export function alertsPage(): string {
  const { environment, issues } = evaluate(WATCHED);
  if (!environment) throw new Error(JSON.stringify(issues));
  const alerts = alertsOf(environment);
  checkPages(alerts.map(({ name }) => name));
  return [
    '# Alerts',
    '',
    'Generated from the `observability.ts` of each component in `lib/components`; change it there and run `npm run generate`.',
    '',
    'What `monitoring.rules` creates, for an instance `mlflow`. The thresholds are keys of `monitoring.rules.thresholds`, with their defaults. Each alert has a page that says what to look at and what to do.',
    '',
    ...markdownTable(
      ['alert', 'severity', 'fires when', 'threshold'],
      alerts.map(({ name, severity, minutes, summary }) => {
        const thresholds = thresholdsOf(environment, name);
        return [
          `[${name}](${name}.md)`,
          severity,
          `${readable(summary, thresholds)}${minutes > 0 ? `, for ${minutes} minutes` : ''}`,
          thresholds.map((each) => `\`${each.name}\`: ${each.value}`).join(', '),
        ];
      }),
    ),
    '',
  ].join('\n');
}
