import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readCertificates } from '../../lib/sealed-secrets/certificate';
import { EXAMPLE_FINGERPRINT } from '../../lib/sealed-secrets/example';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import type { NewValue, SealTarget } from '../../lib/sealed-secrets/manifest-lines';
import { makeKeyPair } from '../support/key-pair';
import { edited } from '../support/sealed-editing';
import { PAIR, sealedFor } from '../support/sealed-manifest';
import { command, contentsOf, ROOT, temporaryFolder } from '../support/support';
import { unsealAll } from '../support/unseal';

/** What synth says of sealed values, and what it makes of them. */

let folder = '';
const file = (name: string) => join(folder, 'environments', 'team', name);
const SEALED = 'sealed-secrets.yaml';
const CERTIFICATE = 'sealing-certificate.pem';

const ENVIRONMENT = `
database: { host: postgres }
artifacts: { s3: { bucket: artifacts } }
auth: { users: [{ name: notebooks, permission: EDIT }] }
clients: [{ namespace: jupyterhub, user: notebooks }]
secrets: { provider: sealed }
`;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  'mlflow/mlflow-db-credentials': ['username', 'password'],
  'mlflow/mlflow-s3-secret': ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  'mlflow/mlflow-basic-auth': [
    'MLFLOW_TRACKING_USERNAME',
    'MLFLOW_TRACKING_PASSWORD',
    'MLFLOW_FLASK_SERVER_SECRET_KEY',
    'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
  ],
  'mlflow/mlflow-user-notebooks': ['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD'],
  'jupyterhub/mlflow-client': ['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD'],
};

/** A whole file, each value sealed for where it stands. */
function whole(keys = KEYS, scope: SealTarget['scope'] = 'strict'): string {
  return Object.entries(keys).reduce((text, [place, names]) => {
    const [namespace = '', name = ''] = place.split('/');
    const value = (key: string): NewValue => sealedFor(namespace, name, `the ${key}`, scope);
    const values = Object.fromEntries(names.map((key) => [key, value(key)]));
    return edited(text, values, { namespace, name, scope, type: 'Opaque' });
  }, '');
}

const synth = () => command('synth', '--environments', join(folder, 'environments'), '--out', join(folder, 'dist'));

/** The lines that a file of sealed values draws, with no more of a path than its name. */
async function issuesOf(text: string, certificate = PAIR.certificate): Promise<string[]> {
  writeFileSync(file(SEALED), text);
  writeFileSync(file(CERTIFICATE), certificate);
  const { code, issues, stdout } = await synth();
  expect(code).toBe(issues.length > 0 ? 1 : 0);
  if (issues.length > 0)
    expect([stdout, Object.keys(contentsOf(folder)).some((path) => path.startsWith('dist/'))]).toEqual(['', false]);
  return issues.map((issue) => issue.replace(join(folder, 'environments', 'team'), '').replace(/^\//, ''));
}

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'environments', 'team'), { recursive: true });
  writeFileSync(file('environment.yaml'), ENVIRONMENT);
});

const WHOLE = whole();
/** With a text of the template for a key of the login. */
const withTemplate = (text: string, value: string) =>
  text.replace(
    /(name: mlflow-basic-auth\n(?:.*\n)*? {2}encryptedData:\n(?: {4}.*\n)+)/,
    `$1  template:\n    data:\n      MLFLOW_FLASK_SERVER_SECRET_KEY: ${value}\n`,
  );

test('what a rule finds in a SealedSecret is located in its file', async () => {
  const annotated = WHOLE.replaceAll(/^( {2}name: mlflow-basic-auth\n)/gm, `$1  annotations: { note: "$${'{B}'}" }\n`);
  const line = 1 + annotated.slice(0, annotated.indexOf('note:')).split('\n').length - 1;
  const [issue, ...others] = await issuesOf(annotated);
  expect(others).toEqual([]);
  const [, at] =
    /^sealed-secrets\.yaml:(\d+):1 SealedSecret mlflow\/mlflow-basic-auth .*no-substitution/.exec(issue ?? '') ?? [];
  expect(line - Number(at)).toBeLessThan(8);
  expect(line - Number(at)).toBeGreaterThan(0);
});

/** The sealed value of a key of the login. */
const line = (key: string) => new RegExp(`^( {4}${key}: )(\\S+)( #.*)$`, 'm');
const PASSWORD = line('MLFLOW_FLASK_SERVER_SECRET_KEY');

describe('synth', () => {
  test('reports what is wrong with the environment and within the file together, and nothing that follows from it', async () => {
    writeFileSync(file('environment.yaml'), `${ENVIRONMENT}nmae: x\n`);
    const plain = 'apiVersion: v1\nkind: Secret\nmetadata: { name: a, namespace: mlflow }\nstringData: { a: b }\n';
    const issues = await issuesOf(plain);
    expect(issues).toEqual([
      expect.stringMatching(/^environment\.yaml:7:1 nmae: /),
      expect.stringMatching(/^sealed-secrets\.yaml:\d+:\d+ .*Secret/),
    ]);
    writeFileSync(file('environment.yaml'), ENVIRONMENT.replace('sealed', 'saeled'));
    expect(await issuesOf(plain)).toEqual([expect.stringMatching(/^environment\.yaml:6:12 secrets\.provider: /)]);
  });

  test('takes a file that has all that the environment names', async () => {
    expect(await issuesOf(WHOLE)).toEqual([]);
    const text = readFileSync(join(folder, 'dist', 'team', 'secrets.k8s.yaml'), 'utf8');
    const { secrets } = readSealedSecrets(text, 's.yaml');
    const opened = secrets.flatMap((secret) =>
      [...unsealAll(secret, PAIR.privateKey)].map(([key, value]) => [
        `${secret.namespace}/${secret.name}`,
        key,
        `${value}`,
      ]),
    );
    expect(opened.toSorted()).toEqual(
      Object.entries(KEYS)
        .flatMap(([place, keys]) => keys.map((key) => [place, key, `the ${key}`]))
        .toSorted(),
    );
    for (const document of parseAllDocuments(text)) {
      const { metadata, spec } = document.toJS() as { metadata: { labels: object }; spec: { template: object } };
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'mlflow' });
      expect(spec.template).toMatchObject({ type: 'Opaque', metadata: { labels: expect.anything() } });
    }
  });

  test.each<[string, (text: string) => string, RegExp]>([
    [
      'a key that is missing',
      (text) => text.replace(PASSWORD, '').replace(/\n\n/, '\n'),
      /^sealed-secrets\.yaml:\d+:1 spec\.encryptedData\.MLFLOW_FLASK_SERVER_SECRET_KEY: is missing in SealedSecret mlflow\/mlflow-basic-auth \(cdk8s-mlflow seal team mlflow-basic-auth MLFLOW_FLASK_SERVER_SECRET_KEY --environments \S+\)$/,
    ],
    [
      'a Secret that is missing',
      () => whole(Object.fromEntries(Object.entries(KEYS).filter(([place]) => !place.includes('s3')))),
      /^sealed-secrets\.yaml:1:1 SealedSecret mlflow\/mlflow-s3-secret is missing, with keys AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY \(cdk8s-mlflow seal team mlflow-s3-secret --environments \S+\)$/,
    ],
    [
      'a copy that is missing',
      () => whole(Object.fromEntries(Object.entries(KEYS).filter(([place]) => !place.startsWith('jupyterhub')))),
      /SealedSecret jupyterhub\/mlflow-client is missing, .*\(cdk8s-mlflow seal team jupyterhub\/mlflow-client --environments \S+\)$/,
    ],
    [
      'a Secret of another namespace',
      () =>
        whole(
          Object.fromEntries(
            Object.entries(KEYS).map(([place, keys]) => [place.replace('mlflow/mlflow-s3', 'other/mlflow-s3'), keys]),
          ),
        ),
      /^sealed-secrets\.yaml:\d+:1 metadata\.namespace: is other, a namespace that this environment does not use \(seal it for mlflow\)$/,
    ],
    [
      'a value that was sealed for another namespace',
      (text) =>
        text.replace(PASSWORD, (_, start: string) => {
          const { ciphertext, note } = sealedFor('other', 'mlflow-basic-auth', 'x');
          return `${start}${ciphertext} # certificate ${note.certificate}, seal ${note.seal}`;
        }),
      /MLFLOW_FLASK_SERVER_SECRET_KEY: is damaged, or was sealed for another name, namespace or scope \(re-seal it\)$/,
    ],
    [
      'a plain text in the template in place of a value',
      (text) => withTemplate(text.replace(PASSWORD, '').replace(/\n\n/, '\n'), 'hunter2PLAINTEXT'),
      /spec\.template\.data\.MLFLOW_FLASK_SERVER_SECRET_KEY: is plain text \(change the value, /,
    ],
    [
      'a template that names nothing sealed',
      (text) => withTemplate(text.replace(PASSWORD, '').replace(/\n\n/, '\n'), "'{{ .nothing }}'"),
      /spec\.template\.data\.MLFLOW_FLASK_SERVER_SECRET_KEY: refers to nothing, which this SealedSecret does not contain /,
    ],
    [
      'a key that is sealed and in the template',
      (text) => withTemplate(text, "'{{ .MLFLOW_TRACKING_PASSWORD }}'"),
      /spec\.template\.data\.MLFLOW_FLASK_SERVER_SECRET_KEY: is sealed too \(remove one of the two\)$/,
    ],
    [
      'a namespace that was written over',
      (text) =>
        text.replace('name: mlflow-s3-secret\n  namespace: mlflow', 'name: mlflow-s3-secret\n  namespace: other'),
      /metadata\.namespace: is other, a namespace that this environment does not use \(seal it for mlflow\)$/,
    ],
    [
      'the login of a client that is no more',
      (text) => text + whole({ 'gone/mlflow-login': ['password'] }).replace(/^/, '---\n'),
      /metadata\.namespace: is gone, a namespace that this environment does not use \(remove this SealedSecret, or add the namespace to clients\)$/,
    ],
    [
      'a login that a client has no more',
      (text) => text + whole({ 'jupyterhub/other-login': ['password'] }).replace(/^/, '---\n'),
      /metadata\.name: is other-login, a Secret that no entry of clients copies to jupyterhub \(remove this SealedSecret, /,
    ],
    [
      'a value that is cut off',
      (text) => text.replace(PASSWORD, (_, start: string, value: string) => `${start}${value.slice(0, 300)}`),
      /MLFLOW_FLASK_SERVER_SECRET_KEY: is truncated \(paste all of it, or re-seal it\)$/,
    ],
    [
      'a value that is no base64',
      (text) => text.replace(PASSWORD, (_, start: string, value: string) => `${start}${value.slice(0, 300)}!`),
      /MLFLOW_FLASK_SERVER_SECRET_KEY: is not standard base64 /,
    ],
    [
      'a plain value',
      (text) => text.replace(PASSWORD, (_, start: string) => `${start}aHVudGVyMmh1bnRlcjI=`),
      /MLFLOW_FLASK_SERVER_SECRET_KEY: is not a sealed value \(seal it; a plain value must not be in git\)$/,
    ],
  ])('refuses %s with one line', async (_, damage, expected) => {
    const damaged = damage(WHOLE);
    expect(damaged).not.toBe(WHOLE);
    expect(await issuesOf(damaged)).toEqual([expect.stringMatching(expected)]);
  });

  test('refuses another scope than the environment’s, once a Secret', async () => {
    const issues = await issuesOf(whole(KEYS, 'cluster-wide'));
    expect(issues).toHaveLength(Object.keys(KEYS).length);
    for (const issue of issues) {
      expect(issue).toMatch(/metadata\.annotations: are cluster-wide, but secrets\.sealed\.scope is strict \(/);
    }
  });

  test('refuses what a certificate sealed that is not there', async () => {
    const issues = await issuesOf(WHOLE, makeKeyPair().certificate);
    expect(issues).toHaveLength(Object.values(KEYS).flat().length);
    for (const issue of issues)
      expect(issue).toMatch(/is sealed with certificate [0-9a-f]{16}, which is not in the certificate file/);
  });

  test('takes what an older certificate of the file sealed', async () => {
    expect(await issuesOf(WHOLE, `${makeKeyPair().certificate}${PAIR.certificate}`)).toEqual([]);
  });

  test('refuses a private key in the certificate file, and never shows it', async () => {
    const issues = await issuesOf(WHOLE, PAIR.privateKey);
    expect(issues).toEqual([expect.stringMatching(/^sealing-certificate\.pem:1:1 is a private key /)]);
  });

  test('rolls exactly the pods that read a re-sealed value', async () => {
    const states = () => {
      const text = readFileSync(join(folder, 'dist', 'team', 'deployment.k8s.yaml'), 'utf8');
      return [...text.matchAll(/name: (SEALED_\w+)/g)].map(([, name]) => name);
    };
    const change = (name: string, key: string, namespace = 'mlflow') =>
      edited(WHOLE, { [key]: sealedFor(namespace, name, 'new') }, { namespace, name, scope: 'strict', type: 'Opaque' });
    await issuesOf(WHOLE);
    const before = states();
    expect(before).toHaveLength(4);
    await issuesOf(WHOLE);
    expect(states()).toEqual(before);
    await issuesOf(change('mlflow-db-credentials', 'password'));
    expect(states().filter((name) => !before.includes(name))).toHaveLength(1);
    await issuesOf(change('mlflow-client', 'MLFLOW_TRACKING_PASSWORD', 'jupyterhub'));
    expect(states()).toEqual(before);
  });
});

test('a plain text under a key that nobody asked for is warned of', async () => {
  writeFileSync(
    file(SEALED),
    WHOLE.replace(
      /(name: mlflow-basic-auth\n(?:.*\n)*? {2}encryptedData:\n(?: {4}.*\n)+)/,
      '$1  template:\n    data:\n      extra: plain\n',
    ),
  );
  writeFileSync(file(CERTIFICATE), PAIR.certificate);
  const { code, stderr } = await synth();
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: .* secrets\.provider: has SealedSecret mlflow\/mlflow-basic-auth with plain text in extra \(line \d+ of sealed-secrets\.yaml\).*\n$/,
  );
});

test('a Secret that can never change is warned of', async () => {
  const text = WHOLE.replace(
    /(name: mlflow-basic-auth\n(?:.*\n)*? {2}encryptedData:\n(?: {4}.*\n)+)/,
    '$1  template:\n    immutable: true\n',
  );
  writeFileSync(file(SEALED), text);
  writeFileSync(file(CERTIFICATE), PAIR.certificate);
  const { code, stderr } = await synth();
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^warning: .*environment\.yaml:\d+:\d+ secrets\.provider: has SealedSecret mlflow\/mlflow-basic-auth \(line \d+ of sealed-secrets\.yaml\) with an immutable Secret.*\n$/,
  );
});

describe('the example certificate', () => {
  const text = readFileSync(join(ROOT, 'environments', 'homelab', CERTIFICATE), 'utf8');
  const key = readFileSync(join(ROOT, 'test', 'sealed-secrets', 'example', 'key.pem'), 'utf8');

  test('is the one that synth warns of', async () => {
    expect(readCertificates(text, 'c.pem')).toMatchObject({
      certificates: [{ fingerprint: EXAMPLE_FINGERPRINT }],
      issues: [],
    });
    writeFileSync(file(SEALED), WHOLE);
    writeFileSync(file(CERTIFICATE), `${text}${PAIR.certificate}`);
    const { code, stderr } = await synth();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: .*secrets\.sealed\.certificate: is the example certificate, whose private key is public/m,
    );
    writeFileSync(file(CERTIFICATE), PAIR.certificate);
    expect((await synth()).stderr).toBe('');
  });

  test('is known by what it sealed, where its file is gone', async () => {
    const sealed = readFileSync(join(ROOT, 'environments', 'homelab', SEALED), 'utf8');
    writeFileSync(file('environment.yaml'), readFileSync(join(ROOT, 'environments', 'homelab', 'environment.yaml')));
    writeFileSync(file(SEALED), sealed);
    const { code, stderr } = await synth();
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/is the example certificate, whose private key is public/),
    ]);
  });

  test('sealed what stands in homelab, and its key opens that', () => {
    const sealed = readFileSync(join(ROOT, 'environments', 'homelab', SEALED), 'utf8');
    const { secrets, issues } = readSealedSecrets(sealed, 's.yaml', readCertificates(text, 'c.pem').certificates);
    expect(issues).toEqual([]);
    const values = secrets.flatMap((secret) => [...unsealAll(secret, key).values()]);
    expect(values).toHaveLength(10);
    for (const value of values) expect(value.length).toBeGreaterThan(5);
  });
});
