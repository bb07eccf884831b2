import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/support';

const page = readFileSync(join(ROOT, 'docs', 'verification.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

test('every tier of tests has a row', () => {
  const tiers = Object.keys(scripts).filter((name) => /^(test|bench):/.test(name));
  expect(tiers.length).toBeGreaterThan(10);
  expect(tiers.filter((name) => !page.includes(`\n| \`npm run ${name}\` |`))).toEqual([]);
});

test('what is run on demand says when it was, and what came out', () => {
  const [, table = ''] = /\| command \| what it shows \| last run \| result \|\n\|.*\n((?:\|.*\n)+)/.exec(page) ?? [];
  const rows = table.trim().split('\n');
  expect(rows.length).toBeGreaterThan(8);
  for (const row of rows) expect(row).toMatch(/ \| 20\d\d-\d\d-\d\d \| [^|]{5,} \|$/);
});
