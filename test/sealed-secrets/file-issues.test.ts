import { formatIssue } from '../../lib/input/issue';
import { readCertificates, type SealingCertificate } from '../../lib/sealed-secrets/certificate';
import { shortFingerprint } from '../../lib/sealed-secrets/ciphertext';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import { makeKeyPair } from '../support/key-pair';
import { CERTIFICATE, manifest, sealedFor } from '../support/sealed-manifest';

const stranger = readCertificates(makeKeyPair({ bits: 3072 }).certificate, 'c.pem').certificates as [
  SealingCertificate,
];
const good = sealedFor('mlflow', 'login', 'hunter2');

const read = (text: string, certificates: readonly SealingCertificate[] | undefined = [CERTIFICATE]) =>
  readSealedSecrets(text, 's.yaml', certificates);

const issuesOf = (text: string, certificates?: readonly SealingCertificate[]): string[] =>
  read(text, certificates).issues.map((issue) => formatIssue(issue.at, issue));

describe('an issue of the file', () => {
  const value = `password: ${good.ciphertext}`;
  const whole = manifest([value]);
  const noted = (ciphertext: string, { certificate, seal } = good.note) =>
    `password: ${ciphertext} # certificate ${certificate}, seal ${seal}`;

  test.each<[string, string, string | readonly string[]]>([
    ['YAML that is none', 'a: "\\q hunter2"', 's.yaml:1:5 is not valid YAML'],
    ['two open brackets', 'a: [1, {2\n', 's.yaml:2:1 is indented differently from the lines around it, or a bracket'],
    [
      'open brackets at the end',
      'a: b\nc: [[',
      's.yaml:2:6 is indented differently from the lines around it, or a bracket',
    ],
    ['an open quote', `a: "hunter2`, 's.yaml:1:12 is missing a character such as a closing quote'],
    ['a tab', `a:\n\tb: hunter2`, 's.yaml:2:1 is indented with a tab'],
    ['a text', 'hunter2', 's.yaml:1:1 is not a map of keys to values'],
    ['a list', '[hunter2]', 's.yaml:1:1 is not a map of keys to values'],
    [
      'a plain Secret',
      `${whole}---\nkind: Secret\napiVersion: v1\nmetadata: {name: login}\ndata:\n  password: hunter2\n`,
      [
        's.yaml:12:1 kind: is a Secret in plain text (seal it with cdk8s-mlflow seal or kubeseal -o yaml, and change the value, because git may contain it)',
      ],
    ],
    [
      'a plain Secret with other issues',
      `kind: Secret\nstringData: [hunter2, *hunter2]`,
      [expect.stringContaining('s.yaml:1:1 kind: is a Secret in plain text')] as unknown as string[],
    ],
    ['another kind', whole.replace('kind: SealedSecret', 'kind: ConfigMap'), 's.yaml:3:1 kind: is ConfigMap (only'],
    ['a strange kind', whole.replace('kind: SealedSecret', 'kind: "hunter2 "'), 's.yaml:3:1 kind: is unknown (only'],
    ['no kind', whole.replace('kind: SealedSecret\n', ''), 's.yaml:2:1 has no kind (only SealedSecret'],
    [
      'another version',
      whole.replace('v1alpha1', 'v1'),
      's.yaml:2:1 apiVersion: is not bitnami.com/v1alpha1 (write apiVersion: bitnami.com/v1alpha1)',
    ],
    [
      'another version, and a key twice',
      manifest([value, value]).replace('v1alpha1', 'v1'),
      [
        's.yaml:2:1 apiVersion: is not bitnami.com/v1alpha1 (write apiVersion: bitnami.com/v1alpha1)',
        's.yaml:11:5 spec.encryptedData.password: is given twice (keep one)',
      ],
    ],
    [
      'no name, and a key twice',
      manifest([value, value]).replace('  name: login\n', ''),
      [
        "s.yaml:4:1 metadata.name: is missing (write the Secret's name)",
        's.yaml:10:5 spec.encryptedData.password: is given twice (keep one)',
      ],
    ],
    [
      'another name for the values',
      whole.replace('encryptedData:', 'encrypted:'),
      [
        's.yaml:8:1 spec.encryptedData: is missing (seal a value)',
        's.yaml:9:3 spec.encrypted: is not a field of the spec of a SealedSecret (use encryptedData, template)',
      ],
    ],
    ['no version', whole.replace(/apiVersion.*\n/, ''), 's.yaml:2:1 apiVersion: is not bitnami.com/v1alpha1'],
    ['no name', whole.replace('  name: login\n', ''), "s.yaml:4:1 metadata.name: is missing (write the Secret's name)"],
    ['no namespace', whole.replace('  namespace: mlflow\n', ''), 's.yaml:4:1 metadata.namespace: is missing ('],
    [
      'no metadata',
      `kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\nspec:\n  encryptedData: {}\n`,
      [
        expect.stringContaining('s.yaml:1:1 metadata.name: is missing'),
        expect.stringContaining('s.yaml:1:1 metadata.namespace: is missing'),
      ] as unknown as string[],
    ],
    [
      'a name that is none',
      whole.replace('name: login', 'name: Login_1'),
      's.yaml:6:3 metadata.name: is not a valid Kubernetes name',
    ],
    ['a name that is a number', whole.replace('name: login', 'name: 1'), 's.yaml:6:3 metadata.name: is not text ('],
    ['the same Secret twice', `${whole}${whole}`, 's.yaml:12:1 is mlflow/login, the same as in line 2 (keep one)'],
    ['a key twice', manifest([value, value]), 's.yaml:11:5 spec.encryptedData.password: is given twice (keep one)'],
    ['a field twice', `${whole}  encryptedData: {}\n`, 's.yaml:11:3 spec.encryptedData: is given twice (keep one)'],
    [
      'an alias to nothing',
      manifest(['password: *hunter2']),
      's.yaml:10:5 spec.encryptedData.password: refers to an anchor',
    ],
    [
      'the old blob',
      `${whole}  data: hunter2\n`,
      's.yaml:11:3 spec.data: is an obsolete format with all values in one text (',
    ],
    [
      'an unknown field',
      `${whole}  secretData: {a: hunter2}\n`,
      's.yaml:11:3 spec.secretData: is not a field of the spec',
    ],
    [
      'data beside the spec',
      `${whole}stringData: {a: hunter2}\n`,
      's.yaml:11:1 stringData: is not a field of a SealedSec',
    ],
    [
      'finalizers',
      whole.replace('  name:', '  finalizers: [a]\n  name:'),
      's.yaml:6:3 metadata.finalizers: is not used',
    ],
    [
      'no values',
      whole.replace(/ {2}encryptedData[\s\S]*/, ''),
      's.yaml:8:1 spec.encryptedData: is missing (seal a value)',
    ],
    [
      'values that are no map',
      whole.replace(/(encryptedData:)[\s\S]*/, '$1 hunter2'),
      's.yaml:9:3 spec.encryptedData: is not a map',
    ],
    [
      'a value that is a number',
      manifest(['password: 123']),
      's.yaml:10:5 spec.encryptedData.password: is not standard',
    ],
    ['a value that is a map', manifest(['password: {}']), 's.yaml:10:5 spec.encryptedData.password: is not text ('],
    ['a value that is nothing', manifest(['password:']), 's.yaml:10:5 spec.encryptedData.password: is empty (seal'],
    [
      'a key that is none',
      manifest([`pass word: ${good.ciphertext}`]),
      's.yaml:10:5 spec.encryptedData."pass word": is not a valid key',
    ],
    [
      'a flag that is none',
      `${whole}  template:\n    immutable: "yes"\n`,
      's.yaml:12:5 spec.template.immutable: is neither',
    ],
    [
      'labels and annotations that Kubernetes refuses',
      `${whole}  template:\n    metadata:\n      labels: {a..b/c: x, d: hunter2 e}\n      annotations: {a..b/c: x y}\n`,
      [
        's.yaml:13:16 spec.template.metadata.labels."a..b/c": is not a valid key of a label (use a key such as team or example.com/team)',
        's.yaml:13:27 spec.template.metadata.labels.d: is not a valid value of a label (use at most 63 letters, digits, -, _ and .)',
        's.yaml:14:21 spec.template.metadata.annotations."a..b/c": is not a valid key of an annotation (use a key such as team or example.com/team)',
      ],
    ],
    [
      'a label that is a number',
      `${whole}  template:\n    metadata:\n      labels:\n        a: 1\n`,
      's.yaml:14:9 spec.template.metadata.labels.a: is not text',
    ],
    [
      'a plain value',
      manifest(['password: hunter2!']),
      's.yaml:10:5 spec.encryptedData.password: is not standard base64',
    ],
    [
      'an encoded value',
      manifest(['password: aHVudGVyMmh1bnRlcjI=']),
      's.yaml:10:5 spec.encryptedData.password: is not a sealed value',
    ],
    [
      'an empty value',
      manifest(['password: ""']),
      's.yaml:10:5 spec.encryptedData.password: is empty (seal the value)',
    ],
    [
      'a folded value',
      manifest([value.replace(/(Secret|.{60})/, '$1\n      ')]),
      's.yaml:10:5 spec.encryptedData.password: is not standard base64',
    ],
    ['a cut value', manifest([value.slice(0, 10 + 344)]), 's.yaml:10:5 spec.encryptedData.password: is truncated'],
    [
      'a value cut after it was sealed',
      manifest([noted(good.ciphertext.slice(0, -4))]),
      's.yaml:10:5 spec.encryptedData.password: is damaged, or was sealed for another name',
    ],
    [
      'a value moved to another key of the kind',
      manifest([noted(good.ciphertext)], '', 'other'),
      'is damaged, or was sealed for another name',
    ],
    [
      'a value moved to another namespace',
      manifest([noted(good.ciphertext)], '', 'login', 'other'),
      'is damaged, or was sealed for another name',
    ],
    [
      'a value moved to another scope',
      manifest([noted(good.ciphertext)]).replace(
        '  name:',
        '  annotations: {sealedsecrets.bitnami.com/cluster-wide: "true"}\n  name:',
      ),
      'is damaged, or was sealed for another name',
    ],
    [
      'a value of a noted certificate that is not known',
      manifest([noted(good.ciphertext, { ...good.note, certificate: '0123456789abcdef' })]),
      'is sealed with certificate 0123456789abcdef, which is not in the certificate file (',
    ],
  ])('is said with its place and without a value: %s', (_, text, expected) => {
    const lines = issuesOf(text);
    expect(lines).toEqual(typeof expected === 'string' ? [expect.stringContaining(expected)] : expected);
    for (const line of lines) {
      expect(line).toMatch(/\)$/);
      expect(line).not.toMatch(/hunter2|aHVudGVyMmh1bnRlcjI/);
      expect(line).not.toContain(good.ciphertext.slice(8, 24));
    }
  });

  test('is one of size when no certificate of the file has it', () => {
    expect(issuesOf(whole, stranger)).toEqual([expect.stringContaining('is sealed with a key of 2048 bits, which no')]);
    expect(issuesOf(whole, [...stranger, CERTIFICATE])).toEqual([]);
    expect(readSealedSecrets(whole, 's.yaml').issues).toEqual([]);
  });

  test('names the key when re-sealing would repair it', () => {
    const { issues } = read(manifest(['password: hunter2!', `other: ${good.ciphertext}`], '  data: x\n'));
    expect(issues.map(({ value: each }) => each)).toEqual([
      { namespace: 'mlflow', name: 'login', key: 'password' },
      undefined,
    ]);
  });

  test('does not keep the others from being said, in the order of the file', () => {
    const lines = issuesOf(`kind: Secret\n${manifest(['a: x!', 'a: y!'], '  more: 1\n')}${manifest(['b: ""'])}`);
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      's.yaml:1:1',
      's.yaml:12:5',
      's.yaml:12:5',
      's.yaml:13:3',
      's.yaml:15:1',
      's.yaml:23:5',
    ]);
  });

  test('is told by a note that is not the certificate', () => {
    expect(good.note.certificate).toBe(shortFingerprint(CERTIFICATE));
  });

  test('is never a stack trace, however deep or strange the text', () => {
    for (const text of [
      '['.repeat(100_000),
      '{a: '.repeat(50_000),
      '&a [*a]',
      '? [a]\n: b',
      '<<: {a: b}',
      'a: !!binary x',
    ]) {
      expect(issuesOf(text).length).toBeGreaterThan(0);
    }
  });
});
