import { SynthSetting } from '../support/synth-setting';

/** What is wrong in an environment with what is written in the file that it extends. */

const setting = new SynthSetting();

/** The lines about environment `stage`, which extends `ml`, or a base that is no environment. */
async function linesOf(ml: string, stage: string, base = 'environments/ml/environment.yaml'): Promise<string[]> {
  const others = 'database: { host: db.pg.svc }\nartifacts: { s3: { bucket: models } }\n';
  setting.write(base, others + ml);
  setting.write(
    'environments/stage/environment.yaml',
    `extends: ../${base.replace('environments/', '')}\nnamespace: { name: stage }\n${stage}`,
  );
  const { code, stderr } = await setting.synth('stage');
  expect(code).toBe(1);
  return stderr.trimEnd().split('\n');
}

const note = (key: string) =>
  ` [in environment stage, which extends this file: set ${key} in ${setting.folder}/environments/stage/environment.yaml, where null removes it]`;

/** The same, where only the output of the other environment would tell whether it has the issue. */
const unclear = (key: string) =>
  note(key).replace('file: set', 'file: fix it here, or if it is right for other environments, set');

const PATCH = 'patches:\n  - { kind: PodDisruptionBudget, name: mlflow, operations: [{ op: remove, path: /x }] }\n';

describe.each(['environments/ml/environment.yaml', 'environments/base.yaml'])('written in %s', (base) => {
  test.each([
    ['a patch of an object that only the other one has', PATCH, '', '4:5 patches[0]: matches no object', 'patches'],
    [
      'a patch that does not apply here',
      'patches:\n  - { kind: Service, name: mlflow, operations: [{ op: remove, path: /spec/x }] }\n',
      '',
      '4:49 patches[0].operations[0]: cannot be applied',
      'patches',
    ],
    [
      'a patch that breaks a rule',
      'patches:\n  - { kind: Service, name: mlflow, operations: [{ op: replace, path: /spec/selector, value: {a: b} }] }\n',
      '',
      '4:5 patches[0]: Service ',
      'patches',
    ],
    [
      'a key that does not fit one here',
      'server:\n  replicas: 2\n',
      'storage: { data: { mountPath: /x, accessMode: ReadWriteOnce } }\n',
      '4:3 server.replicas: is 2',
      'server.replicas',
    ],
    [
      'an item of a list that does not fit',
      'clients:\n  - { namespace: argo, user: a }\n',
      '',
      '4:24 clients[0].user: ',
      'clients',
    ],
  ])('%s names the environment, and where to set it', async (_, ml, stage, line, key) => {
    // The last is as wrong in the environment that has it.
    const isOfBoth = key === 'clients';
    const lines = await linesOf(ml, stage, base);
    expect(lines[0]).toContain(`${setting.folder}/${base}:${line}`);
    const expected = key === 'patches' ? unclear(key) : note(key);
    for (const each of lines) expect(each.endsWith(expected)).toBe(!isOfBoth);
  });

  test('what is wrong in that file alone is wrong there', async () => {
    const [line] = await linesOf('service: { tpye: x }\n', '', base);
    expect(line).toContain(`${setting.folder}/${base}:3:12 service.tpye: is not a known key`);
    expect(line).not.toContain('[in environment');
  });
});

describe('an address of a host that this environment has no pods for', () => {
  const base = 'networkPolicy: { addresses: { db.example.com: [10.0.0.0/16] } }\n';
  const others =
    'extends: ../ml/environment.yaml\nnamespace: { name: stage }\ndatabase: { host: db2.example.com, name: a, authName: b }\nartifacts: { s3: { bucket: other } }\n';
  const synth = (more: string) => {
    const ml = `database: { host: db.example.com }\nartifacts: { s3: { bucket: models } }\n${base}`;
    setting.write('environments/ml/environment.yaml', ml);
    setting.write('environments/stage/environment.yaml', others + more);
    return setting.synth('stage');
  };

  test('can be removed, as the note says', async () => {
    const { stderr } = await synth('');
    expect(stderr.trimEnd().endsWith(note('networkPolicy.addresses."db.example.com"'))).toBe(true);
    expect((await synth('networkPolicy: { addresses: { db.example.com: null } }\n')).code).toBe(0);
  });
});

test('each of several issues of one rule names its environment', async () => {
  const patch = (kind: string) =>
    `  - { kind: ${kind}, name: mlflow, operations: [{ op: replace, path: /metadata/namespace, value: ml }] }\n`;
  setting.write('environments/other/environment.yaml', 'extends: ../ml/environment.yaml\nnamespace: { name: other }\n');
  const patches = `namespace: { name: ml }\npatches:\n${patch('Deployment')}${patch('Service')}`;
  await linesOf(patches, '');
  const { stderr } = await setting.synth();
  const lines = stderr.split('\n').filter((line) => line.includes('[rule right-namespaces'));
  expect(lines.filter((line) => line.includes('[in environment stage')).length).toBe(2);
  expect(lines.filter((line) => line.includes('[in environment other')).length).toBe(2);
  expect(lines.filter((line) => line.includes('[rule right-namespaces: ')).length).toBe(1);
});

test('a patch that is wrong in both says so, wherever it is read', async () => {
  const patch = 'patches: [{ kind: Deploymnt, name: mlflow, operations: [{ op: remove, path: /x }] }]\n';
  const [line] = await linesOf(patch, '');
  expect(line?.endsWith(unclear('patches'))).toBe(true);
  const lines = (await setting.synth()).stderr.trimEnd().split('\n');
  expect(lines.map((each) => each.includes('[in environment'))).toEqual([false, true]);
});

test('what is written in the own file is as before', async () => {
  const [line, ...more] = await linesOf('', PATCH);
  expect([line?.includes('stage/environment.yaml:4:5 patches[0]: '), line?.includes('[in'), more]).toEqual([
    true,
    false,
    [],
  ]);
});
