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

describe('what another environment of the preset would share is renamed', () => {
  const renamed = (preset: string, namespace: string) =>
    fromPreset(preset, join(temporaryFolder(), 'a', 'b', 'environment.yaml'), namespace).text;
  const preset = (namespace: string, ...lines: string[]) => `namespace:\n  name: ${namespace}\n${lines.join('\n')}\n`;

  test.each([
    ['bucket: mlflow-production', 'mlflow-production', 'bucket: mlflow-team'],
    ['bucket: "mlflow-production-backup" # x', 'mlflow-production', 'bucket: "mlflow-team-backup" # x'],
    ['container: a-mlflow-production', 'mlflow-production', 'container: a-mlflow-team'],
    ['prefix: mlflow/production/', 'mlflow-production', 'prefix: mlflow/team/'],
    ["prefix: 'x/mlflow-production'", 'mlflow-production', "prefix: 'x/mlflow-team'"],
    ['bucket: mlflow-artifacts', 'mlflow', 'bucket: mlflow-team-artifacts'],
    ['prefix: a/mlflow', 'mlflow', 'prefix: a/mlflow-team'],
    // Parts of other words, and keys of the environment alone.
    ['bucket: mlflows', 'mlflow', 'bucket: mlflows'],
    ['bucket: mlflow-productions', 'mlflow-production', 'bucket: mlflow-productions'],
    ['bucket: other', 'mlflow', 'bucket: other'],
    ['name: mlflow', 'mlflow', 'name: mlflow'],
    ['secret: mlflow-s3', 'mlflow', 'secret: mlflow-s3'],
  ])('%s of namespace %s', (line, namespace, after) => {
    expect(renamed(preset(namespace, 'a:', `  ${line}`), 'mlflow-team')).toBe(
      preset('mlflow-team', 'a:', `  ${after}`),
    );
    expect(renamed(preset(namespace, `a: { b: { ${line.replace(/ #.*/, '')} } }`), 'mlflow-team')).toBe(
      preset('mlflow-team', `a: { b: { ${after.replace(/ #.*/, '')} } }`),
    );
    // In the namespace of the preset all is as it was.
    expect(renamed(preset(namespace, 'a:', `  ${line}`), namespace)).toBe(preset(namespace, 'a:', `  ${line}`));
  });

  test('also where a comment names it, and in a namespace without a part behind mlflow', () => {
    const text = preset('mlflow-production', 'a:', '  # in mlflow/production/x', '  prefix: mlflow/production/');
    expect(renamed(text, 'mlflow-team')).toBe(
      preset('mlflow-team', 'a:', '  # in mlflow/team/x', '  prefix: mlflow/team/'),
    );
    expect(renamed(text, 'mlflow')).toBe(preset('mlflow', 'a:', '  # in mlflow/x', '  prefix: mlflow/'));
  });
});

describe('what must be replaced by hand is listed', () => {
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
  test.each([
    ['host: postgres.example.com', 'a.host: postgres.example.com'],
    ['host: example.com', 'a.host: example.com'],
    ['endpoint: https://s3.example.org:9000/x', 'a.endpoint: https://s3.example.org:9000/x'],
    ['repository: registry.example.net/mlflow/mlflow', 'a.repository: registry.example.net/mlflow/mlflow'],
    ['domains: [a.com, example.com]', 'a.domains[1]: example.com'],
    ['host: 192.168.1.100', 'a.host: 192.168.1.100'],
    ['cidrs: [10.1.0.0/16, 1.1.1.1/32]', 'a.cidrs[0]: 10.1.0.0/16'],
    ['host: 172.20.0.1', 'a.host: 172.20.0.1'],
    [`digest: ${digest}`, `a.digest: ${digest}`],
    ['host: notexample.com', undefined],
    ['host: example.com.au', undefined],
    ['host: 8.8.8.8', undefined],
    ['tag: 1.10.0.0.5', undefined],
    ['x: y # at x.example.com', undefined],
    [`digest: sha256:${'0a'.repeat(32)}`, undefined],
  ])('%s', (line, listed) => {
    const { examples } = fromPreset(`a:\n  ${line}\n`, 'x/environment.yaml', 'own');
    // Two lines of the namespace and an empty one are above.
    expect(examples).toEqual(listed === undefined ? [] : [`x/environment.yaml:5 ${listed}`]);
  });
});
