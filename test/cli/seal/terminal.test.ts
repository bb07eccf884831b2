import { appendFileSync } from 'node:fs';
import { builtCommand } from '../../support/built-command';
import { testInLargeSample } from '../../support/sample-size';
import { LAB, Setting } from '../../support/sealing-setting';
import { atTerminal, has, sealAtTerminal, sealProcess, twice } from './program';

const PYTHON = has('python3');
if (!PYTHON) console.warn('SKIPPED: python3 is not here, so nothing is tested at a terminal');
const atTerminalOnly = PYTHON ? describe : describe.skip;

let lab: Setting;
beforeAll(builtCommand);
beforeEach(() => {
  lab = new Setting();
});

const DATABASE = ['mlflow-db-credentials', 'password'];
const MARKER = 'a-marker-of-33-letters-0123456789';

atTerminalOnly('at a terminal', () => {
  test('one key is prompted for twice, and never shown', async () => {
    const { shown, code, echoes, commandLines } = await sealAtTerminal(lab, DATABASE, [
      ...twice("mlflow/mlflow-db-credentials password (PostgreSQL's password): ", MARKER),
    ]);
    expect([code, echoes]).toEqual([0, true]);
    expect(shown).toContain(`wrote environments/lab/sealed-secrets.yaml`);
    expect(shown).not.toContain(MARKER);
    expect(commandLines.some((line) => line.includes('seal lab'))).toBe(true);
    expect(commandLines.filter((line) => line.includes(MARKER))).toEqual([]);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
  });

  testInLargeSample('what is not typed the same twice is prompted for again', async () => {
    const { shown, code } = await sealAtTerminal(lab, DATABASE, [
      ...twice('password): ', MARKER, `${MARKER}x`),
      ...twice('password): ', `${MARKER}2`),
    ]);
    expect(code).toBe(0);
    expect(shown).toContain('the two do not match (try again)');
    expect(shown).not.toContain(MARKER);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': `${MARKER}2` });
  });

  test('what violates a rule is prompted for again, with the rule', async () => {
    const { shown, code } = await sealAtTerminal(
      lab,
      ['mlflow-basic-auth', 'MLFLOW_TRACKING_PASSWORD'],
      [
        { expect: 'MLflow): ', type: '\r' },
        { expect: 'is empty', type: '' },
        ...twice('MLflow): ', 'too short'),
        { expect: 'MLflow requires 12', type: '' },
        ...twice('MLflow): ', MARKER),
      ],
    );
    expect(code).toBe(0);
    expect(shown).not.toContain('too short');
    expect(lab.opened).toEqual({ 'mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD': MARKER });
  });

  test('keys that edit a line do, and others are refused', async () => {
    const { shown, code } = await sealAtTerminal(lab, DATABASE, [
      { expect: 'password): ', type: 'ab\x1b[Dc\r' },
      { expect: 'a control character (try again, or use --from-file)', type: '' },
      { expect: 'password): ', type: `wrong\x15${MARKER}é🔑\x7f\x08x\x7f\r` },
      { expect: 'once more: ', type: `${MARKER}\n` },
    ]);
    expect([code, shown.includes(MARKER)]).toEqual([0, false]);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
  });

  test('all that is missing is prompted for in one run, and written at once', async () => {
    const { shown, code, echoes } = await sealAtTerminal(
      lab,
      [],
      [
        { expect: "username (PostgreSQL's user): ", type: 'mlflow\r' },
        ...twice("PostgreSQL's password): ", 'of the database'),
        ...twice('access key id of the object store): ', 'AKIA0'),
        ...twice('secret access key of the object store): ', 'of the store'),
        { expect: "(the administrator's name): ", type: 'jane\r' },
        ...twice('mlflow-basic-auth MLFLOW_TRACKING_PASSWORD (a password for MLflow): ', 'of the admin'),
        ...twice('(any long random text): ', '0123456789abcdef'),
        ...twice('mlflow-user-notebooks MLFLOW_TRACKING_PASSWORD (a password for MLflow): ', 'of the notebooks'),
        { expect: '(registry; empty for registry.example.com:5000): ', type: '\r' },
        { expect: 'user: ', type: 'robot$ml\r' },
        ...twice('password: ', 'of the registry'),
      ],
    );
    expect([code, echoes]).toEqual([0, true]);
    expect(shown).not.toMatch(/of the (database|store|admin|notebooks|registry)\r/);
    const login = {
      username: 'robot$ml',
      password: 'of the registry',
      auth: Buffer.from('robot$ml:of the registry').toString('base64'),
    };
    expect(lab.opened).toEqual({
      'mlflow/mlflow-db-credentials username': 'mlflow',
      'mlflow/mlflow-db-credentials password': 'of the database',
      'mlflow/mlflow-s3-secret AWS_ACCESS_KEY_ID': 'AKIA0',
      'mlflow/mlflow-s3-secret AWS_SECRET_ACCESS_KEY': 'of the store',
      'mlflow/mlflow-basic-auth MLFLOW_TRACKING_USERNAME': 'jane',
      'mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD': 'of the admin',
      'mlflow/mlflow-basic-auth MLFLOW_FLASK_SERVER_SECRET_KEY': '0123456789abcdef',
      ...Object.fromEntries(
        ['mlflow/mlflow-user-notebooks', 'jupyterhub/mlflow-client', 'argo/mlflow-client'].flatMap((secret) => [
          [`${secret} MLFLOW_TRACKING_USERNAME`, 'notebooks'],
          [`${secret} MLFLOW_TRACKING_PASSWORD`, 'of the notebooks'],
        ]),
      ),
      'mlflow/registry .dockerconfigjson': JSON.stringify({ auths: { 'registry.example.com:5000': login } }),
    });
    expect((await lab.seal('--status')).stdout).toContain('all 14 sealed');
  });

  testInLargeSample('a copy is prompted for with a note on what it must be', async () => {
    await lab.sealValue('of the notebooks', 'mlflow-user-notebooks', 'MLFLOW_TRACKING_PASSWORD');
    const { shown, code } = await sealAtTerminal(
      lab,
      ['argo/mlflow-client'],
      [
        {
          expect:
            'argo/mlflow-client MLFLOW_TRACKING_PASSWORD: must be the same as mlflow/mlflow-user-notebooks MLFLOW_TRACKING_PASSWORD',
        },
        ...twice('argo/mlflow-client MLFLOW_TRACKING_PASSWORD (a password for MLflow): ', 'of the notebooks'),
      ],
    );
    expect(code).toBe(0);
    expect(shown).not.toContain('sealed mlflow/');
    expect(lab.opened).toMatchObject({ 'argo/mlflow-client MLFLOW_TRACKING_USERNAME': 'notebooks' });
  });

  test('what was generated is shown with --show', async () => {
    const { shown, code } = await sealAtTerminal(lab, ['mlflow-basic-auth', '--generate', '--show'], []);
    expect(code).toBe(0);
    const { opened } = lab;
    const place = 'mlflow/mlflow-basic-auth MLFLOW_TRACKING_PASSWORD';
    expect(shown).toContain(`${place}: ${opened[place]}\r\n`);
  });

  testInLargeSample('a registry that the image does not come from is refused', async () => {
    const { shown, code } = await sealAtTerminal(
      lab,
      ['registry'],
      [
        { expect: 'registry.example.com:5000): ', type: 'example.com\r' },
        { expect: 'user: ', type: 'u\r' },
        ...twice('password: ', 'p'),
        { expect: 'has no login for registry.example.com:5000' },
        { expect: 'registry.example.com:5000): ', type: 'registry.example.com:5000\r' },
        { expect: 'user: ', type: 'u\r' },
        ...twice('password: ', MARKER),
      ],
    );
    expect([code, shown.includes(MARKER)]).toEqual([0, false]);
  });

  test('a file that was changed meanwhile is not written', async () => {
    await lab.sealValue('before', ...DATABASE);
    const theirs = lab.write('theirs.sh', `echo '# theirs' >> '${lab.file}'\n`);
    const before = lab.text;
    const { shown, code } = await sealAtTerminal(lab, DATABASE, [
      { expect: 'password): ', run: ['sh', theirs], type: `${MARKER}\r` },
      { expect: 'once more: ', type: `${MARKER}\r` },
    ]);
    expect(code).toBe(1);
    expect(shown).toContain('sealed-secrets.yaml: was changed by another program in the meantime, and was not written');
    expect(lab.text).toBe(`${before}# theirs\n`);
  });

  testInLargeSample('what cannot be written is said before a question', async () => {
    appendFileSync(
      lab.file,
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: mlflow-db-credentials, namespace: mlflow}\nspec: {encryptedData: {other: ""}}\n',
    );
    const { shown, code } = await sealAtTerminal(lab, DATABASE, []);
    expect(code).toBe(1);
    expect(shown).toMatch(/is written in braces, where no key can be added/);
    expect(shown).not.toContain('password): ');
  });

  testInLargeSample('a value is not taken from standard input while that is a terminal', async () => {
    const { shown, code } = await sealAtTerminal(lab, [...DATABASE, '--from-stdin'], []);
    expect(code).toBe(1);
    expect(shown).toContain('--from-stdin: standard input is a terminal, which shows what you type');
  });

  test('the driver itself sees an echo where there is one', async () => {
    const { shown, code } = await atTerminal(lab, ['sh', '-c', 'read line'], [{ expect: '', type: `${MARKER}\r` }]);
    expect([code, shown.includes(MARKER)]).toEqual([0, true]);
  });
});

describe('without a terminal', () => {
  test('a value comes from standard input', () => {
    expect(sealProcess(lab, [...DATABASE, '--from-stdin'], MARKER)).toMatchObject({ code: 0, stderr: '' });
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
    expect(sealProcess(lab, [...DATABASE, '--from-stdin'], `${MARKER}\n`)).toMatchObject({ code: 1 });
    expect(sealProcess(lab, [...DATABASE, '--from-stdin', '--strip-newline'], `${MARKER}2\n`)).toMatchObject({
      code: 0,
    });
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': `${MARKER}2` });
  });

  test.each([
    ['one key', DATABASE, 'seal: no terminal to prompt for mlflow/mlflow-db-credentials password ('],
    [
      'what is left',
      ['--generate'],
      'seal: no terminal to prompt for mlflow/mlflow-db-credentials username, mlflow/mlflow-db-credentials password, mlflow/mlflow-s3-secret AWS_ACCESS_KEY_ID, mlflow/mlflow-s3-secret AWS_SECRET_ACCESS_KEY, mlflow/registry .dockerconfigjson (',
    ],
  ])('%s is named that somebody would be asked for', (_, given, message) => {
    const { code, stderr } = sealProcess(lab, given);
    expect([code, stderr.trim().split('\n')]).toEqual([1, [expect.stringContaining(message)]]);
    expect(lab.text).toBe('');
  });

  test('nothing generated is shown', () => {
    const { code, stderr, stdout } = sealProcess(lab, ['mlflow-basic-auth', '--generate', '--show']);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^--show: .*terminal\)\n$/)]);
    expect(lab.text).toBe('');
  });

  testInLargeSample('the same is said of the same file everywhere', async () => {
    const elsewhere = new Setting(LAB);
    const outputs = [lab, elsewhere].map((each) => sealProcess(each, ['--status']).stdout);
    expect(outputs[0]).toBe(outputs[1]);
  });
});
