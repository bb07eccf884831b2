import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertGroups } from '../../lib/components/monitoring/alert-groups';
import type { Alert } from '../../lib/components/shared/contributions/observability';
import { alertsOf } from '../../lib/environment/contributions';
import { ROOT, resolved, temporaryFolder } from '../support/support';
import { type Case, every } from './alert-series';
import { JOB_CASES } from './alerts-of-jobs.cases';
import { SERVER_CASES } from './alerts-of-servers.cases';
import { LAB_HOME, output } from './validator';

/** The alerts as Prometheus' own tool evaluates them over made-up series: each fires when it should, and not otherwise. */

const PROMTOOL = join(LAB_HOME, 'bin', 'promtool');

const environment = resolved({
  database: { embedded: {} },
  artifacts: { embedded: {} },
  monitoring: { metrics: {}, rules: {} },
  // A bucket, so that the claims are those of the stores.
  backup: { destination: { s3: { bucket: 'backups', endpoint: 'https://s3.example.com' } }, verification: {} },
  garbageCollection: {},
  service: { tls: { issuer: 'internal' } },
});
const groups = alertGroups(alertsOf(environment));
const alerts: readonly Alert[] = groups.flatMap((group) => group.alerts);

const CASES: readonly Case[] = [...SERVER_CASES, ...JOB_CASES];

const rules = {
  groups: groups.map((group) => ({
    name: group.name,
    rules: group.alerts.map(({ name, query, minutes, summary, description }) => ({
      alert: name,
      expr: query,
      ...(minutes > 0 ? { for: `${minutes}m` } : {}),
      annotations: { summary, description },
    })),
  })),
};

/** What promtool says of cases, each with as many alerts as it should have, or one more where it is to be seen that it looks. */
async function run(cases: readonly Case[], more = 0): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'rules.yaml'), stringify(rules));
  const files = [1, every].map((minutes) => {
    const tests = cases
      .filter((each) => (each.every ?? 1) === minutes)
      .map(({ alert, what, series, at, firing }) => ({
        name: `${alert}: ${what}`,
        interval: `${minutes}m`,
        input_series: series.map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
            eval_time: `${at}m`,
            exp_samples: [{ labels: '{}', value: firing + more }],
          },
        ],
      }));
    const file = join(folder, `every-${minutes}.yaml`);
    writeFileSync(file, stringify({ rule_files: ['rules.yaml'], evaluation_interval: `${minutes}m`, tests }));
    return file;
  });
  const { stdout, stderr } = await output(PROMTOOL, ['test', 'rules', ...files]);
  return stdout + stderr;
}

test('every alert has a case in which it fires, and one in which it does not', () => {
  for (const { name } of alerts) {
    const fires = CASES.filter(({ alert }) => alert === name).map(({ firing }) => firing > 0);
    expect([name, [...new Set(fires)].sort()]).toEqual([name, [false, true]]);
  }
  expect(CASES.filter(({ alert }) => !alerts.some(({ name }) => name === alert))).toEqual([]);
});

test('all rules are understood', async () => {
  const file = join(temporaryFolder(), 'rules.yaml');
  writeFileSync(file, stringify(rules));
  const { stdout, stderr } = await output(PROMTOOL, ['check', 'rules', file]);
  expect(`${stdout}${stderr}`).toContain(`SUCCESS: ${alerts.length} rules found`);
});

test('alerts fire when they should, and only then', async () => {
  const text = await run(CASES);
  expect(text.match(/SUCCESS/g)).toHaveLength(2);
  expect(text).not.toContain('FAILED');
});

test('a case that expects the wrong number is seen, whichever it is', async () => {
  const text = await run(CASES, 1);
  expect(text.match(/^ *expr: "count\(ALERTS/gm)).toHaveLength(CASES.length);
  expect(text).not.toContain('SUCCESS');
});

test('each alert has its page, and no page is left over', () => {
  const folder = join(ROOT, 'docs', 'alerts');
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(alerts.map(({ name }) => `${name}.md`).sort());
  for (const { name } of alerts) expect(readFileSync(join(folder, `${name}.md`), 'utf8')).toMatch(`# ${name}\n`);
});
