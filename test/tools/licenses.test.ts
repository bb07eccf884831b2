import { licensesOf } from '../../tools/licenses';
import { temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

const FILES = {
  'node_modules/plain/package.json': '{"name":"plain","version":"1.0.0","license":"MIT"}',
  'node_modules/plain/LICENSE.md': 'Terms of plain.\n',
  'node_modules/plain/lib/licenses.js': '',
  'node_modules/@a/scoped/package.json': '{"name":"@a/scoped","version":"2.0.0","license":"Apache-2.0"}',
  'node_modules/@a/scoped/LICENCE': 'Terms of scoped.',
  'node_modules/@a/scoped/NOTICE': 'Its notice.',
  'node_modules/plain/node_modules/inner/package.json': '{"name":"inner","version":"3.0.0","license":"ISC"}',
  'node_modules/silent/package.json': '{"name":"silent","version":"4.0.0"}',
};

function root(): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) writeIn(folder, path, text);
  return folder;
}

test('the terms of each bundled package are once in the list, of nested and scoped ones too, in order', () => {
  const inputs = [
    'main.ts',
    'node_modules/plain/lib/licenses.js',
    'node_modules/plain/index.js',
    'node_modules/plain/node_modules/inner/index.js',
    'node_modules/@a/scoped/dist/index.js',
  ];
  const line = `\n${'-'.repeat(80)}\n\n`;
  const expected = [
    '@a/scoped 2.0.0 (Apache-2.0)\n\nTerms of scoped.\n\nIts notice.\n',
    'inner 3.0.0 (ISC)\n',
    'plain 1.0.0 (MIT)\n\nTerms of plain.\n',
  ].join(line);
  expect(licensesOf(inputs, root())).toBe(expected);
  expect(licensesOf(inputs.toReversed(), root())).toBe(expected);
});

test('a package without a license is refused', () => {
  expect(() => licensesOf(['node_modules/silent/index.js'], root())).toThrow('silent says nothing of its license');
});
