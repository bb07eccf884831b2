import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { ROOT, temporaryFolder } from '../support/support';

const blocks = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)]
  .map(([, text = '']) => text)
  .filter((text) => /^database:/m.test(text) && /^artifacts:/m.test(text));

test('README.md has an environment', () => {
  expect(blocks).not.toEqual([]);
});

test.each(blocks)('an environment of README.md opens nothing: %#', (text) => {
  const file = join(temporaryFolder(), 'environment.yaml');
  writeFileSync(file, text);
  const { issues, warnings } = loadEnvironment(file);
  expect(issues).toEqual([]);
  expect(warnings.filter((line) => line.endsWith(' to allow)'))).toEqual([]);
});
