import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { ROOT } from '../support/support';

describe.each(readdirSync(join(ROOT, 'environments')))('the environment %s', (name) => {
  const file = join(ROOT, 'environments', name, 'environment.yaml');

  test('is valid', () => {
    expect(loadEnvironment(file).issues).toEqual([]);
  });

  test('tells editors where its schema is', () => {
    const [first = ''] = readFileSync(file, 'utf8').split('\n');
    const path = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? '';
    expect(join(dirname(file), path)).toBe(join(ROOT, 'schema', 'environment.schema.json'));
  });
});
