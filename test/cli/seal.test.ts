import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeKeyPair } from '../support/key-pair';
import { PAIR } from '../support/sealed-manifest';
import { Setting } from '../support/sealing-setting';
import { command, contentsOf, ROOT } from '../support/support';
import { DATABASE, sealAll } from './seal/values';

let lab: Setting;
beforeEach(() => {
  lab = new Setting();
});

const USER = ['mlflow-user-notebooks', 'MLFLOW_TRACKING_PASSWORD'] as const;

/** The lines of a text that are not in another. */
const changedLines = (before: string, after: string): string[] => {
  const lines = before.split('\n');
  return after.split('\n').filter((line) => !lines.includes(line));
};

describe('a value', () => {
  test.each([
    ['plain', 'hunter2'],
    ['of any character', ' p@ss:w/o%rd $(X) \\ \' " é 🔑 {{ .x }} '],
    ['of many lines', '-----BEGIN-----\nabc\n-----END-----'],
    ['that YAML would read otherwise', 'true'],
  ])('%s comes out of the file as it went in', async (_, value) => {
    expect(await lab.sealValue(value, ...DATABASE)).toMatchObject({ code: 0 });
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': value });
    expect(lab.text).not.toContain(value.trim());
  });

  test('is taken from a file, byte for byte', async () => {
    const file = lab.write('value.txt', 'tabs\tand\x7f\n\n');
    expect(await lab.seal(...DATABASE, '--from-file', file)).toMatchObject({
      code: 1,
      issues: [
        expect.stringMatching(/^mlflow\/mlflow-db-credentials password: ends with a line break.*--strip-newline/),
      ],
    });
    // One line break goes, and no more.
    expect(await lab.seal(...DATABASE, '--from-file', file, '--strip-newline')).toMatchObject({ code: 1 });
    writeFileSync(file, 'tabs\tand\x7f\r\n');
    expect(await lab.seal(...DATABASE, '--from-file', file, '--strip-newline')).toMatchObject({ code: 0 });
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'tabs\tand\x7f' });
  });

  test('without a line break at its end stays whole with --strip-newline', async () => {
    expect(await lab.sealValue('plain', ...DATABASE, '--strip-newline')).toMatchObject({ code: 0 });
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'plain' });
  });

  test('that looks like an accident is sealed with a warning', async () => {
    const { code, stderr } = await lab.sealValue('blank ', ...DATABASE);
    expect([code, stderr]).toEqual([
      0,
      'warning: mlflow/mlflow-db-credentials password: begins or ends with white space\n',
    ]);
  });

  test('is said to be sealed, with what comes next, and is not in what is said', async () => {
    const { stdout } = await lab.sealValue('hunter2', ...DATABASE);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^certificate .*\.pem: SHA-256 [0-9a-f]{64}, RSA 2048, valid 2026-01-01 to 2036-01-01$/),
      'sealed mlflow/mlflow-db-credentials password',
      `wrote ${lab.file}`,
      `next: cdk8s-mlflow synth lab --environments ${lab.environments}`,
      '',
    ]);
  });
});

describe('re-sealing one key', () => {
  test('changes exactly one line of a file full of others', async () => {
    await sealAll(lab);
    lab.write('environments/lab/sealed-secrets.yaml', `# ours\n${lab.text}\n# the end`);
    const before = lab.text;
    expect(await lab.sealValue('another', ...DATABASE)).toMatchObject({ code: 0 });
    const after = lab.text;
    expect(changedLines(before, after)).toHaveLength(1);
    expect(changedLines(after, before)).toHaveLength(1);
    expect(after.split('\n')).toHaveLength(before.split('\n').length);
    expect(lab.opened['mlflow/mlflow-db-credentials password']).toBe('another');
  });

  test('changes with a user one line more for each copy, and all hold the same', async () => {
    await sealAll(lab);
    const before = lab.text;
    expect(await lab.sealValue('of twelve letters', ...USER)).toMatchObject({ code: 0, stderr: '' });
    expect(changedLines(before, lab.text)).toHaveLength(3);
    const { opened } = lab;
    for (const place of ['mlflow/mlflow-user-notebooks', 'jupyterhub/mlflow-client', 'argo/mlflow-client']) {
      expect(opened[`${place} MLFLOW_TRACKING_PASSWORD`]).toBe('of twelve letters');
    }
  });

  test('keeps a file of Windows, one without an end, and its mode', async () => {
    await lab.sealValue('first', ...DATABASE);
    const crlf = lab.text.trimEnd().replaceAll('\n', '\r\n');
    writeFileSync(lab.file, crlf);
    chmodSync(lab.file, 0o640);
    expect(await lab.sealValue('second', ...DATABASE)).toMatchObject({ code: 0 });
    expect(lab.mode).toBe(0o640);
    expect(lab.text.split('\r\n')).toHaveLength(crlf.split('\r\n').length);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'second' });
  });
});

describe('a copy', () => {
  test('can be sealed alone, and must then be the same', async () => {
    await lab.sealValue('of twelve letters', ...USER);
    const { code, stderr, stdout } = await lab.sealValue(
      'of twelve letters',
      'argo/mlflow-client',
      'MLFLOW_TRACKING_PASSWORD',
    );
    expect(code).toBe(0);
    expect(stderr).toBe(
      'warning: argo/mlflow-client MLFLOW_TRACKING_PASSWORD: must be the same as mlflow/mlflow-user-notebooks MLFLOW_TRACKING_PASSWORD, which is already sealed\n',
    );
    expect(stdout).not.toContain('sealed mlflow/');
  });

  test('of a name needs no prompt', async () => {
    expect(await lab.seal('jupyterhub/mlflow-client', 'MLFLOW_TRACKING_USERNAME')).toMatchObject({ code: 0 });
    expect(lab.opened).toEqual({ 'jupyterhub/mlflow-client MLFLOW_TRACKING_USERNAME': 'notebooks' });
  });
});

test('what synth finds missing is what seal asks for, and after it synth is content', async () => {
  const synth = () => command('synth', '--environments', lab.environments, '--out', join(lab.folder, 'dist'));
  const { code, issues } = await synth();
  expect(code).toBe(1);
  const commands = issues.map((issue) => /\(cdk8s-mlflow seal lab (.*) --environments \S+\)$/.exec(issue)?.[1]);
  expect(commands).toEqual([
    'mlflow-db-credentials',
    'mlflow-s3-secret',
    'mlflow-basic-auth',
    'mlflow-user-notebooks',
    'registry',
    'jupyterhub/mlflow-client',
    'argo/mlflow-client',
  ]);
  await sealAll(lab);
  expect(await synth()).toMatchObject({ code: 0, issues: [] });
});

test('an environment is sealed also while its file would not be synthesized', async () => {
  await lab.sealValue('a', ...DATABASE);
  writeFileSync(lab.file, lab.text.replace(/(password: .{40}).{3}/, '$1???'));
  expect(await lab.sealValue('b', ...DATABASE)).toMatchObject({ code: 0 });
  expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'b' });
});

test("who seals with the example's certificate is told", async () => {
  const homelab = await command('seal', 'homelab', '--status', '--environments', join(ROOT, 'environments'));
  expect(homelab.stdout).toContain(
    '; the example certificate, whose private key is public: anyone can decrypt the values (kubeseal --fetch-cert > ',
  );
});

test('a value of random bytes that is no text is refused, since no container would start with it', async () => {
  const file = lab.write('value.bin', Buffer.concat([Buffer.from([0xff]), randomBytes(40)]));
  expect(await lab.seal(...DATABASE, '--from-file', file)).toMatchObject({ code: 1 });
  expect(lab.text).toBe('');
});

test('what was sealed for another certificate is prompted for again', async () => {
  await sealAll(lab);
  writeFileSync(lab.certificate, makeKeyPair().certificate);
  const { stdout } = await lab.seal('--status');
  expect(stdout).toContain('14 of 14 missing');
  expect(await lab.seal('mlflow-basic-auth', '--generate')).toMatchObject({ code: 0 });
  expect((await lab.seal('--status')).stdout).toContain('11 of 14 missing');
});

test('the first sealed file of an environment is readable for all, as everything in git', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  expect(lab.mode & 0o600).toBe(0o600);
  expect(readFileSync(lab.certificate, 'utf8')).toBe(PAIR.certificate);
  expect(Object.keys(contentsOf(lab.folder)).toSorted()).toEqual([
    'environments/lab/environment.yaml',
    'environments/lab/sealed-secrets.yaml',
    'environments/lab/sealing-certificate.pem',
  ]);
});

test('an unknown environment is not repeated, because it may be a value', async () => {
  expect(await command('seal', 'lap', '--status', '--environments', lab.environments)).toMatchObject({
    code: 1,
    issues: ['ENVIRONMENT: is not an environment (did you mean lab?)'],
  });
});
