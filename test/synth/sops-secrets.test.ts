import { join } from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { command } from '../support/support';
import { SynthSetting } from '../support/synth-setting';

/** Secrets that SOPS encrypted, beside an environment: what is refused, and that nothing of them is written. */

const setting = new SynthSetting();
const { environment, synth, dist } = setting;

const encrypted = (text = 'abcd') => `ENC[AES256_GCM,data:${text},iv:aXY=,tag:dGFn,type:str]`;
const sops = { mac: encrypted('mac'), version: '3.10.2', encrypted_regex: '^(data|stringData)$' };

/** A Secret as SOPS writes it. */
const secret = (name: string, keys: readonly string[], more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'mlflow' },
  stringData: Object.fromEntries(keys.map((key) => [key, encrypted(key)])),
  sops,
  ...more,
});
const DATABASE = secret('mlflow-db-credentials', ['username', 'password']);

async function issuesOf(objects: readonly unknown[], more = ''): Promise<string[]> {
  environment('a', more);
  setting.write('environments/a/sops/database.yaml', objects.map((object) => stringify(object)).join('---\n'));
  const { code, issues } = await synth();
  expect(code).toBe(issues.length > 0 ? 1 : 0);
  return issues.map((line) => line.replace(/^.*?environments\/a\//, ''));
}

test('an encrypted Secret with all keys is taken, and not written to the output', async () => {
  expect(await issuesOf([DATABASE])).toEqual([]);
  expect(JSON.stringify(dist())).not.toContain('ENC[');
  const kinds = Object.values(dist()).flatMap((text) => parseAllDocuments(text).map((each) => each.get('kind')));
  expect(kinds).not.toContain('Secret');
});

test('synth --explain secrets names its file', async () => {
  expect(await issuesOf([DATABASE])).toEqual([]);
  const { stdout } = await command(
    'synth',
    '--environments',
    join(setting.folder, 'environments'),
    '--explain',
    'secrets',
  );
  expect(stdout).toMatch(
    /mlflow\/mlflow-db-credentials \(Opaque\): you apply it, or Flux does, decrypted from \S+\/a\/sops\/database\.yaml\n/,
  );
  expect(stdout).toContain('mlflow/mlflow-s3-secret (Opaque): you create it, or another tool\n');
});

const EXTERNAL =
  'secrets: { overrides: { mlflow-db-credentials: { provider: external } }, external: { store: { name: vault } } }\n';

test.each<[title: string, object: unknown, said: RegExp, more?: string]>([
  [
    'plain values',
    { ...DATABASE, stringData: { username: 'u', password: encrypted() } },
    /stringData\.username: is plain text \(change the value/,
  ],
  ['a plain value of data', { ...DATABASE, data: { more: 'aHVudGVyMg==' } }, /data\.more: is plain text/],
  [
    'what only begins as an encrypted value does',
    { ...DATABASE, stringData: { username: encrypted(), password: `${encrypted()} hunter2` } },
    /stringData\.password: is plain text/,
  ],
  [
    'no metadata of SOPS',
    { ...DATABASE, sops: undefined },
    /is not encrypted \(run sops encrypt --in-place on the file\)/,
  ],
  [
    'an encrypted name',
    { ...DATABASE, metadata: { name: encrypted(), namespace: 'mlflow' } },
    /metadata\.name: is encrypted \(encrypt only the values: --encrypted-regex/,
  ],
  [
    'an encrypted namespace',
    { ...DATABASE, metadata: { name: 'mlflow-db-credentials', namespace: encrypted() } },
    /metadata\.namespace: is encrypted \(encrypt only the values/,
  ],
  ['an encrypted kind', { ...DATABASE, kind: encrypted() }, /kind: is encrypted \(encrypt only the values/],
  ['another kind', { ...DATABASE, kind: 'ConfigMap' }, /kind: is not Secret \(put other objects into objects\/\)/],
  [
    'no namespace',
    { ...DATABASE, metadata: { name: 'mlflow-db-credentials' } },
    /metadata\.namespace: is missing \(set it to mlflow\)/,
  ],
  [
    'another namespace than that of its pods',
    { ...DATABASE, metadata: { name: 'mlflow-db-credentials', namespace: 'mflow' } },
    /metadata\.namespace: is mflow, where nothing reads mlflow-db-credentials \(use mlflow, with sops edit\)/,
  ],
  [
    'a missing key',
    secret('mlflow-db-credentials', ['username']),
    /metadata\.name: is mlflow-db-credentials, which lacks password \(add it with sops edit\)/,
  ],
  [
    'a Secret of another provider',
    DATABASE,
    /metadata\.name: is mlflow-db-credentials, a Secret with the provider external \(remove it, or set secrets\.overrides\.mlflow-db-credentials\.provider: existing\)/,
    EXTERNAL,
  ],
  [
    'a registry login of another type',
    secret('registry', ['.dockerconfigjson']),
    /type: is Opaque, but Secret registry must be of type kubernetes\.io\/dockerconfigjson/,
    'image: { pullSecret: registry }\n',
  ],
])('refuses %s', async (_, object, said, more = '') => {
  const issues = await issuesOf([object], more);
  expect(issues).toEqual([expect.stringMatching(said)]);
  expect(issues[0]).toMatch(/^sops\/database\.yaml:\d+:\d+ /);
  expect(issues.join()).not.toContain('hunter2');
  expect(dist()).toEqual({});
});

test('is the source of credentials that no Job can generate', async () => {
  expect(await issuesOf([DATABASE], 'secrets: { provider: generated }\n')).toEqual([]);
});

test('a second Secret of one name is refused', async () => {
  expect(await issuesOf([DATABASE, DATABASE])).toEqual([
    expect.stringMatching(
      /metadata\.name: is mlflow\/mlflow-db-credentials, as in .*sops\/database\.yaml \(keep one\)/,
    ),
  ]);
});

test.each([
  ['SealedSecret', 'bitnami.com/v1alpha1', { encryptedData: { username: 'AgB4', password: 'AgB4' } }],
  [
    'ExternalSecret',
    'external-secrets.io/v1',
    { secretStoreRef: { name: 'vault' }, dataFrom: [{ extract: { key: 'database' } }] },
  ],
])('a Secret that a %s of your own creates too is refused', async (kind, apiVersion, spec) => {
  const own = { apiVersion, kind, metadata: { name: 'mlflow-db-credentials' }, spec };
  setting.write('environments/a/objects/database.yaml', stringify(own));
  expect(await issuesOf([DATABASE])).toEqual([
    expect.stringMatching(
      /^objects\/database\.yaml:4:3 .*creates Secret mlflow-db-credentials, as \S+\/a\/sops\/database\.yaml does \(keep one\)/,
    ),
  ]);
  setting.write('environments/a/objects/database.yaml', stringify({ ...own, metadata: { name: 'another' } }));
  expect(await issuesOf([DATABASE])).toEqual([]);
});

test('an encrypted Secret in objects/ is sent to sops/', async () => {
  environment('a');
  setting.write('environments/a/objects/database.yaml', stringify(DATABASE));
  expect((await synth()).issues).toEqual([
    expect.stringMatching(
      /objects\/database\.yaml:\d+:1 sops: is of SOPS, which cannot decrypt what synth would write \(move/,
    ),
  ]);
});

test('no value that SOPS did not write is taken, whatever it is', async () => {
  const value = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(
      ' ',
      'ENC[]',
      encrypted().slice(1),
      encrypted().slice(0, -1),
      `${encrypted()}\n`,
      encrypted().replace('data:', ''),
    ),
  );
  const property = fc.asyncProperty(value, fc.constantFrom('data', 'stringData'), async (plain, field) => {
    const issues = await issuesOf([secret('mine', ['a'], { [field]: { a: encrypted(), b: plain } })]);
    expect(issues).toEqual([expect.stringContaining(`${field}.b: is plain text`)]);
  });
  await fc.assert(property, { numRuns: 25, seed: 1 });
});
