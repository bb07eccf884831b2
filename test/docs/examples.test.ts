import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { ROOT, temporaryFolder } from '../support/support';

const PAGES = [
  'README.md',
  ...[
    'secrets',
    'database-operators',
    'sops',
    'proxy',
    'single-sign-on',
    's3-without-keys',
    'google-cloud-storage',
  ].map((page) => `docs/${page}.md`),
];

const blocks = PAGES.flatMap((page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => /^database:/m.test(text) && /^artifacts:/m.test(text))
    .map((text) => [page, text] as const),
);

test.each(PAGES)('%s has an environment', (page) => {
  expect(blocks.some(([each]) => each === page)).toBe(true);
});

test.each(blocks.filter(([page]) => page !== 'docs/proxy.md'))('an environment of %s opens nothing: %#', (_, text) => {
  const file = join(temporaryFolder(), 'environment.yaml');
  writeFileSync(file, text);
  const { issues, warnings } = loadEnvironment(file);
  expect(issues).toEqual([]);
  expect(warnings.filter((line) => line.endsWith(' to allow)'))).toEqual([]);
});

test.each(blocks)('an environment of %s is valid: %#', (_, text) => {
  const file = join(temporaryFolder(), 'environment.yaml');
  writeFileSync(file, text);
  expect(loadEnvironment(file).issues).toEqual([]);
});
