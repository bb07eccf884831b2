import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { partialOf } from '../../../lib/synth/output/partial-files';
import { makeKeyPair } from '../../support/key-pair';
import { LAB, Setting } from '../../support/sealing-setting';
import { contentsOf } from '../../support/support';

let lab: Setting;
beforeEach(() => {
  lab = new Setting();
});

const DATABASE = ['mlflow-db-credentials', 'password'] as const;

describe('the certificate', () => {
  const inPast = { validFrom: '2020-01-01T00:00:00Z', validTo: '2021-01-01T00:00:00Z' };
  test.each([
    ['expired', makeKeyPair(inPast), /sealing-certificate\.pem: expired on 2021-01-01 .*--allow-expired/],
    [
      'not valid yet',
      makeKeyPair({ validFrom: '2190-01-01T00:00:00Z', validTo: '2199-01-01T00:00:00Z' }),
      /is not valid before 2190-01-01/,
    ],
    ['of 1024 bits', makeKeyPair({ bits: 1024 }), /RSA key of 1024 bits/],
    ['of an elliptic curve', makeKeyPair({ kind: 'ec' }), /Sealed Secrets needs RSA/],
  ])('is refused when it is %s', async (_, { certificate }, message) => {
    lab = new Setting(LAB, certificate);
    const { code, issues } = await lab.sealValue('hunter2', ...DATABASE);
    expect([code, issues]).toEqual([1, [expect.stringMatching(message)]]);
    expect(lab.text).toBe('');
  });

  test('that expired seals with --allow-expired, with a warning', async () => {
    lab = new Setting(LAB, makeKeyPair(inPast).certificate);
    const { code, stderr } = await lab.sealValue('hunter2', ...DATABASE, '--allow-expired');
    expect([code, stderr]).toEqual([0, `warning: ${lab.certificate}: expired on 2021-01-01\n`]);
  });

  test('that is missing is reported with the command that fetches it', async () => {
    rmSync(lab.certificate);
    const { code, issues } = await lab.sealValue('hunter2', ...DATABASE);
    expect([code, issues]).toEqual([
      1,
      [`${lab.certificate}: is missing (kubeseal --fetch-cert > ${lab.certificate})`],
    ]);
  });

  test('may have another name, and the scope be wider', async () => {
    lab = new Setting({
      ...LAB,
      secrets: { provider: 'sealed', sealed: { certificate: 'new.pem', scope: 'namespace-wide' } },
    });
    renameSync(lab.certificate, join(dirname(lab.file), 'new.pem'));
    expect(await lab.sealValue('hunter2', ...DATABASE)).toMatchObject({ code: 0 });
    expect(lab.text).toContain('sealedsecrets.bitnami.com/namespace-wide: "true"');
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'hunter2' });
  });
});

describe('with one clear line, and without a change, is refused', () => {
  const before = 'SEAL_TEST_MARKER';
  const file = (text: string) => () => lab.write('environments/lab/sealed-secrets.yaml', text);
  const cases: readonly (readonly [string, readonly string[], RegExp, (() => unknown)?])[] = [
    ['an unknown Secret', ['mlflow-basic-aut', 'x', '--from-env', 'A'], /^SECRET: .*did you mean mlflow-basic-auth\?/],
    ['a Secret like no other', ['zzzzzzzzzzzzzzzzzzzzz', '--generate'], /^SECRET: .*available: mlflow\/mlflow-db/],
    ['an unknown key', [DATABASE[0], 'pasword', '--from-env', 'A'], /^KEY: .*did you mean password\?/],
    [
      'a name that two Secrets have',
      ['mlflow-client', '--generate'],
      /jupyterhub\/mlflow-client or argo\/mlflow-client/,
    ],
    ['a value on the command line', [...DATABASE, before], /values cannot be passed on the command line/],
    ['a value in place of a key', [DATABASE[0], before], /^KEY: is not a key/],
    ['a value in place of a Secret', [before], /^SECRET: is not a Secret/],
    ['a value in place of a variable', [...DATABASE, '--from-env', before], /^--from-env: no such variable is set/],
    ['a value instead of a file', [...DATABASE, '--from-file', before], /^--from-file: does not exist/],
    [
      'an option that takes a value',
      [...DATABASE, '--from-literal', before],
      /^Unknown arguments \(see cdk8s-mlflow seal --help\)$/,
    ],
    ['an option that is one with a value', [...DATABASE, `--value=${before}`], /^Unknown argument \(see/],
    ['two sources', [...DATABASE, '--from-env', 'A', '--generate'], /cannot be combined/],
    ['one source twice', [...DATABASE, '--from-env', 'A', '--from-env', 'B'], /given twice/],
    ['a source for all that is missing', ['--from-env', 'SEAL_TEST_VALUE'], /name SECRET and KEY/],
    ['a source for two keys', [DATABASE[0], '--from-env', 'SEAL_TEST_VALUE'], /name SECRET and KEY/],
    ['a newline to strip off nothing', [...DATABASE, '--strip-newline'], /^--strip-newline/],
    ['a folder as a file', [...DATABASE, '--from-file', '/'], /^--from-file: is not a regular file/],
    ['two folders of environments', ['x', 'y', '--environments', '/nowhere'], /given twice/],
    [
      'a Secret in plain text in the file',
      [...DATABASE, '--from-env', 'SEAL_TEST_VALUE'],
      /sealed-secrets\.yaml:2:1 kind: is a Secret in plain text/,
      file('apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\nstringData: {a: hunter2}\n'),
    ],
    [
      'another scope in the file',
      [...DATABASE, '--from-env', 'SEAL_TEST_VALUE'],
      /is cluster-wide, not strict/,
      file(
        'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: mlflow-db-credentials\n  namespace: mlflow\n  annotations:\n    sealedsecrets.bitnami.com/cluster-wide: "true"\nspec:\n  encryptedData:\n    a: ""\n',
      ),
    ],
    [
      'a file in no UTF-8',
      [...DATABASE, '--from-env', 'SEAL_TEST_VALUE'],
      /is not valid UTF-8/,
      () => lab.write('environments/lab/sealed-secrets.yaml', Buffer.from('# \xe4\n', 'latin1')),
    ],
    [
      'another that is writing',
      [...DATABASE, '--from-env', 'SEAL_TEST_VALUE'],
      /sealed-secrets\.yaml\.\S+\.partial: exists: another seal is running/,
      () => writeFileSync(partialOf(lab.file), ''),
    ],
  ];
  test.each(cases.map(([what, ...rest]) => [what, rest] as const))('%s', async (_, [given, message, prepare]) => {
    prepare?.();
    process.env.SEAL_TEST_VALUE = 'hunter2';
    try {
      const was = contentsOf(lab.folder);
      const { code, issues, stderr, stdout } = await lab.seal(...given);
      expect([code, issues]).toEqual([1, [expect.stringMatching(message)]]);
      expect(stdout + stderr).not.toContain(before);
      expect(stdout + stderr).not.toContain('hunter2');
      expect(contentsOf(lab.folder)).toEqual(was);
    } finally {
      delete process.env.SEAL_TEST_VALUE;
    }
  });

  test.each([
    ['existing', 'create the Secrets that --explain secrets lists, or set it to sealed'],
    ['generated', 'Jobs in the cluster create them; to seal them, set it to sealed'],
    ['external', 'put the values into the store; --explain secrets lists them'],
  ] as const)('the provider %s', async (provider, advice) => {
    const external = provider === 'external' ? { external: { store: { name: 'vault' } } } : {};
    lab = new Setting({ ...LAB, secrets: { provider, ...external } });
    for (const given of [['--status'], [...DATABASE, '--from-env', 'PATH']]) {
      const { code, issues } = await lab.seal(...given);
      expect([code, issues.at(-1)]).toEqual([
        1,
        expect.stringMatching(
          new RegExp(
            `environment\\.yaml:\\d+:\\d+ secrets\\.provider: is ${provider}, which needs no sealed values \\(${advice}\\)$`,
          ),
        ),
      ]);
    }
  });

  test.each(['from-env', 'status', 'allow-expired'])('--%s when npm consumed it', async (option) => {
    const env = { ...process.env };
    try {
      process.env.npm_lifecycle_event = 'seal';
      process.env[`npm_config_${option.replaceAll('-', '_')}`] = 'true';
      const { code, issues } = await lab.seal(...DATABASE);
      expect([code, issues]).toEqual([
        1,
        [`npm consumed --${option}; put options after --: npm run seal -- --${option}`],
      ]);
    } finally {
      process.env = env;
    }
  });
});
