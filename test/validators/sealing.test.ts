import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCertificates, type SealingCertificate } from '../../lib/sealed-secrets/certificate';
import { noteOf } from '../../lib/sealed-secrets/ciphertext';
import { setSealedValues } from '../../lib/sealed-secrets/edit';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import type { NewValue, SealTarget } from '../../lib/sealed-secrets/manifest-lines';
import { SCOPE_ANNOTATIONS, SCOPES, type Scope, scopeLabel, seal } from '../../lib/sealed-secrets/seal';
import { random } from '../support/invalid-file';
import { makeKeyPair } from '../support/key-pair';
import { LAB, Setting } from '../support/sealing-setting';
import { temporaryFolder } from '../support/support';
import { unseal, unsealAll } from '../support/unseal';
import { LAB_HOME } from './validator';

const KUBESEAL = join(LAB_HOME, 'bin', 'kubeseal');
const pair = makeKeyPair();
const ours = readCertificates(pair.certificate, 'c.pem').certificates[0] as SealingCertificate;
let folder = '';

beforeAll(() => {
  if (!existsSync(KUBESEAL)) throw new Error(`no kubeseal at ${KUBESEAL}: install the tools of the test lab`);
  folder = temporaryFolder();
  writeFileSync(join(folder, 'cert.pem'), pair.certificate);
  writeFileSync(join(folder, 'key.pem'), pair.privateKey);
});

/** What kubeseal prints for an input. */
const kubeseal = (input: string, ...given: string[]): string =>
  execFileSync(KUBESEAL, given, {
    input,
    env: { PATH: process.env.PATH, KUBECONFIG: '/dev/null' },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });

const keyOf = (index: number): string => `key-${index}`;

const next = random(1);
const randomBytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => next(256)));

/** Values that break programs, and many random ones, the same at every run. */
const VALUES: readonly Buffer[] = [
  ...[
    '',
    '\n',
    'plain',
    'pä$$wörd 🔑',
    `\${HOME} $(x) {{ .y }} %s`,
    '"\'\\',
    ' blanks ',
    'a\0b',
    'true',
    '1.20',
    '---\n...\n',
  ].map((text) => Buffer.from(text)),
  randomBytes(65_536),
  ...Array.from({ length: 300 }, () => randomBytes(next(200))),
];

describe.each(SCOPES)('with the scope %s', (scope: Scope) => {
  const target: SealTarget = { namespace: 'team-a', name: 'login', scope, type: 'Opaque' };
  const label = scopeLabel(scope, target.namespace, target.name);
  const annotations = scope === 'strict' ? {} : { [SCOPE_ANNOTATIONS[scope]]: 'true' };

  test(`kubeseal opens what is sealed here: ${VALUES.length} values`, () => {
    const values = new Map(
      VALUES.map((value, index): [string, NewValue] => {
        const ciphertext = seal(value, ours, label);
        return [keyOf(index), { ciphertext, note: noteOf(ciphertext, label, ours) }];
      }),
    );
    const made = setSealedValues('', 's.yaml', target, values);
    if ('issues' in made) throw new Error(JSON.stringify(made.issues));
    const secret = JSON.parse(
      kubeseal(made.text, '--recovery-unseal', '--recovery-private-key', join(folder, 'key.pem'), '-o', 'json'),
    ) as { metadata: { annotations?: Record<string, string> }; data: Record<string, string | null> };
    expect(Object.keys(secret.data)).toHaveLength(VALUES.length);
    // An empty value comes back as null.
    const differing = VALUES.filter(
      (value, index) => !Buffer.from(secret.data[keyOf(index)] ?? '', 'base64').equals(value),
    );
    expect(differing).toHaveLength(0);
    expect(secret.metadata.annotations ?? {}).toMatchObject(annotations);
  });

  test.each(['yaml', 'json'])('its manifests are read and open here, as %s', (format) => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/basic-auth',
      metadata: { name: 'login', namespace: 'team-a', annotations, labels: { team: 'a' } },
      data: Object.fromEntries(VALUES.map((value, index) => [keyOf(index), value.toString('base64')])),
    };
    const text = kubeseal(JSON.stringify(secret), '--cert', join(folder, 'cert.pem'), '-o', format);
    const { secrets, issues } = readSealedSecrets(`${text}---\n`, 's.yaml', [ours]);
    expect(issues).toEqual([]);
    const [read] = secrets;
    expect(read).toMatchObject({ namespace: 'team-a', name: 'login', scope });
    expect(read?.template.type?.value).toBe('kubernetes.io/basic-auth');
    expect(read?.template.labels.get('team')?.value).toBe('a');
    const opened = read ? unsealAll(read, pair.privateKey) : new Map<string, Buffer>();
    expect(opened.size).toBe(VALUES.length);
    expect(VALUES.filter((value, index) => !opened.get(keyOf(index))?.equals(value))).toHaveLength(0);
  });

  test('its single values open here, and can be in one file with ours, which it opens completely', () => {
    const value = Buffer.from('a\0value of bytes \xff', 'latin1');
    const given = [
      '--raw',
      '--namespace',
      'team-a',
      '--name',
      'login',
      '--scope',
      scope,
      '--from-file',
      join(folder, 'value'),
    ];
    writeFileSync(join(folder, 'value'), value);
    const raw = kubeseal('', ...given, '--cert', join(folder, 'cert.pem'));
    expect(unseal(raw, pair.privateKey, label).equals(value)).toBe(true);

    const ciphertext = seal(value, ours, label);
    const values = new Map([['ours', { ciphertext, note: noteOf(ciphertext, label, ours) }]]);
    const made = setSealedValues('# by two programs\n', 's.yaml', target, values);
    if ('issues' in made) throw new Error(JSON.stringify(made.issues));
    const text = made.text.replace('    ours:', `    theirs: ${raw}\n    ours:`);
    expect(readSealedSecrets(text, 's.yaml', [ours]).issues).toEqual([]);
    const opened = kubeseal(text, '--recovery-unseal', '--recovery-private-key', join(folder, 'key.pem'), '-o', 'json');
    const encoded = value.toString('base64');
    expect((JSON.parse(opened) as { data: unknown }).data).toEqual({ ours: encoded, theirs: encoded });
  });
});

describe('a certificate of openssl', () => {
  test('is sealed with here and opened by kubeseal, 4096 bits as the controller makes them', () => {
    const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
    const made = ['req', '-x509', '-nodes', '-newkey', 'rsa:4096', '-keyout', key, '-out', cert, '-days', '3650'];
    execFileSync('openssl', [...made, '-subj', '/CN=sealed-secret/O=sealed-secret'], { stdio: 'ignore' });
    const { certificates, issues } = readCertificates(readFileSync(cert, 'utf8'), 'tls.crt');
    expect(issues).toEqual([]);
    const [certificate] = certificates as [SealingCertificate];
    expect(certificate.bits).toBe(4096);
    const printed = execFileSync('openssl', ['x509', '-in', cert, '-noout', '-fingerprint', '-sha256'], {
      encoding: 'utf8',
    });
    expect(printed.replaceAll(':', '').toLowerCase()).toContain(certificate.fingerprint);

    const target: SealTarget = { namespace: 'mlflow', name: 'x', scope: 'strict', type: 'Opaque' };
    const ciphertext = seal(Buffer.from('1'), certificate, 'mlflow/x');
    expect(ciphertext).toMatch(/^Ag.{706}$/);
    const text = setSealedValues(
      '',
      's.yaml',
      target,
      new Map([['k', { ciphertext, note: noteOf(ciphertext, 'mlflow/x', certificate) }]]),
    );
    if ('issues' in text) throw new Error(JSON.stringify(text.issues));
    const opened = kubeseal(text.text, '--recovery-unseal', '--recovery-private-key', key, '-o', 'json');
    expect((JSON.parse(opened) as { data: unknown }).data).toEqual({ k: 'MQ==' });
  });
});

test('kubeseal opens what the seal command writes, and the command goes on from what kubeseal writes', async () => {
  const lab = new Setting(LAB, pair.certificate);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'mlflow-s3-secret', namespace: 'mlflow' } };
  const theirs = kubeseal(
    JSON.stringify({ ...secret, stringData: { AWS_ACCESS_KEY_ID: 'theirs', AWS_SECRET_ACCESS_KEY: 'theirs too' } }),
    ...['--cert', join(folder, 'cert.pem'), '-o', 'yaml'],
  );
  writeFileSync(lab.file, theirs);
  expect(await lab.sealValue(' ours\t"é', 'mlflow-s3-secret', 'AWS_SECRET_ACCESS_KEY')).toMatchObject({ code: 0 });
  expect(await lab.sealValue('beside', 'mlflow-db-credentials', 'password')).toMatchObject({ code: 0 });
  const opened = lab.text.split(/^---$/m).flatMap((text) => {
    if (text.trim() === '') return [];
    const json = kubeseal(text, '--recovery-unseal', '--recovery-private-key', join(folder, 'key.pem'), '-o', 'json');
    const { metadata, data } = JSON.parse(json) as { metadata: { name: string }; data: Record<string, string> };
    return Object.entries(data).map(([key, value]) => `${metadata.name} ${key}=${Buffer.from(value, 'base64')}`);
  });
  expect(opened.toSorted()).toEqual([
    'mlflow-db-credentials password=beside',
    'mlflow-s3-secret AWS_ACCESS_KEY_ID=theirs',
    'mlflow-s3-secret AWS_SECRET_ACCESS_KEY= ours\t"é',
  ]);
});
