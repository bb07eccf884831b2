import { join } from 'node:path';
import { programs } from './tools';

test('no script holds what Flux would substitute, a tab or a blank at the end of a line', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const folder = programs;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  expect(files).toEqual(expect.arrayContaining(['prepare/__main__.py', 'server/__main__.py']));
  for (const name of files)
    expect([name, readFileSync(join(folder, name), 'utf8').match(/\$\{|\t| $/gm)]).toEqual([name, null]);
});
