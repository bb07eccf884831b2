import { join } from 'node:path';
import { fromPreset } from '../../lib/cli/init-preset';
import { temporaryFolder } from '../support/support';

const textOf = (preset: string) =>
  fromPreset(preset, join(temporaryFolder(), 'a', 'b', 'environment.yaml'), 'own').text;

test('the namespace is replaced wherever it is set, and nothing else', () => {
  expect(textOf('a: [1,2]   # x\nnamespace: { create: false, name: "theirs" } # y\n')).toBe(
    'a: [1,2]   # x\nnamespace: { create: false, name: own } # y\n',
  );
  expect(textOf('server:\n  namespace:\n    name: theirs\n')).toBe(
    'namespace:\n  name: own\n\nserver:\n  namespace:\n    name: theirs\n',
  );
});

test('only comment lines are removed, and only those whose path does not exist', () => {
  expect(
    textOf('# see ../none.md\n#\n# text\na: 1 # see ../none.md\n  # see ../../none.md\nb: "# see ../none.md"\n'),
  ).toBe('# text\nnamespace:\n  name: own\n\na: 1 # see ../none.md\nb: "# see ../none.md"\n');
});

test('a preset is sealed when its provider says so, however it is written', () => {
  const isSealed = (text: string) => fromPreset(text, 'x/environment.yaml', 'own').isSealed;
  expect(isSealed('secrets: { provider: "sealed" }\n')).toBe(true);
  expect(isSealed('secrets:\n  provider: existing # provider: sealed\n')).toBe(false);
  expect(isSealed('a: 1\n')).toBe(false);
});
