import { formatIssue } from '../../lib/input/issue';
import { setSealedValues } from '../../lib/sealed-secrets/edit';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import type { NewValue } from '../../lib/sealed-secrets/manifest-lines';
import { edited, LOGIN, noteText, opened } from '../support/sealed-editing';
import { manifest, sealedFor } from '../support/sealed-manifest';

const old = sealedFor('mlflow', 'login', 'old');
const fresh = sealedFor('mlflow', 'login', 'fresh');
const lineOf = (value: NewValue) => `${value.ciphertext} # ${noteText(value)}`;

const issuesOf = (text: string, key = 'password', target = LOGIN): string[] => {
  const result = setSealedValues(text, 's.yaml', target, new Map([[key, fresh]]));
  return 'issues' in result ? result.issues.map((issue) => formatIssue(issue.at, issue)) : [];
};

describe('an existing value', () => {
  test.each([
    ['plain', `password: ${old.ciphertext}`, `password: ${lineOf(fresh)}`],
    ['noted', `password: ${lineOf(old)}`, `password: ${lineOf(fresh)}`],
    ['in double quotes', `password: "${old.ciphertext}"`, `password: "${fresh.ciphertext}" # ${noteText(fresh)}`],
    [
      'in single quotes',
      `'password':   '${old.ciphertext}'`,
      `'password':   '${fresh.ciphertext}' # ${noteText(fresh)}`,
    ],
    [
      'with a comment',
      `password: ${old.ciphertext}   # ask Ann`,
      `password: ${fresh.ciphertext} # ${noteText(fresh)}; ask Ann`,
    ],
    ['noted, with a comment', `password: ${lineOf(old)}, ask Ann`, `password: ${lineOf(fresh)}, ask Ann`],
    ['empty', 'password: ""', `password: "${fresh.ciphertext}" # ${noteText(fresh)}`],
    ['that was no ciphertext', 'password: hunter2', `password: ${lineOf(fresh)}`],
    ['that was a number', 'password: 123', `password: ${lineOf(fresh)}`],
    ['that was nothing', 'password:', `password: ${lineOf(fresh)}`],
    [
      'that was nothing, with a comment',
      'password: # none',
      `password: ${fresh.ciphertext} # ${noteText(fresh)}; none`,
    ],
    [
      'in a block',
      `password: |\n      ${old.ciphertext.slice(0, 99)}\n      ${old.ciphertext.slice(99)}`,
      `password: ${lineOf(fresh)}`,
    ],
    [
      'in a block with a comment',
      `password: >-  # ask Ann\n      ${old.ciphertext}`,
      `password: ${fresh.ciphertext} # ${noteText(fresh)}; ask Ann`,
    ],
    [
      'over two lines',
      `password:\n      ${old.ciphertext} # ask Ann`,
      `password:\n      ${fresh.ciphertext} # ${noteText(fresh)}; ask Ann`,
    ],
  ])('%s is replaced, and nothing else', (_, before, after) => {
    for (const [start, end] of [
      ['', ''],
      ['', '  template: {}\n'],
    ] as const) {
      const around = (line: string) =>
        `# top\n${manifest([`other: ${lineOf(old)} # that`, line, `# last of all`], end)}${start}`;
      expect(edited(around(before), { password: fresh })).toBe(around(after));
    }
    const lineEnds = manifest([before, `z: ${lineOf(old)}`]).replaceAll('\n', '\r\n');
    expect(edited(lineEnds, { password: fresh })).toBe(manifest([after, `z: ${lineOf(old)}`]).replaceAll('\n', '\r\n'));
    const endless = manifest([`a: ${lineOf(old)}`, before]).trimEnd();
    expect(edited(endless, { password: fresh })).toBe(manifest([`a: ${lineOf(old)}`, after]).trimEnd());
  });

  test('is replaced in JSON and in braces, without a comment', () => {
    const object = {
      kind: 'SealedSecret',
      apiVersion: 'bitnami.com/v1alpha1',
      metadata: { name: 'login', namespace: 'mlflow' },
      spec: { encryptedData: { other: old.ciphertext, password: old.ciphertext } },
    };
    const list = {
      kind: 'List',
      apiVersion: 'v1',
      items: [object, { ...object, metadata: { name: 'x', namespace: 'y' } }],
    };
    const json = (value: unknown, shown: string) =>
      JSON.stringify(value, null, 2).replace(/(password": ")[^"]*/, `$1${shown}`);
    for (const value of [object, list]) {
      expect(edited(json(value, 'hunter2'), { password: fresh })).toBe(json(value, fresh.ciphertext));
    }
    const braces = manifest([]).replace('encryptedData:', `encryptedData: {password: ${old.ciphertext}, b: 'x'} # all`);
    expect(edited(braces, { password: fresh })).toBe(braces.replace(old.ciphertext, fresh.ciphertext));
  });

  test('keeps the alias of another key from changing', () => {
    const text = manifest([`a: &a ${old.ciphertext}`, 'password: *a']);
    expect(edited(text, { password: fresh })).toBe(text.replace('*a', lineOf(fresh)));
    expect(issuesOf(text, 'a')).toEqual(['s.yaml:10:11 spec.encryptedData: has an anchor (write the value out)']);
  });
});

describe('a missing key', () => {
  test.each([
    ['at the end of the text', '', ''],
    ['before the template', '', '  template:\n    type: Opaque\n'],
    ['before a comment', '', '    # until here\n  # and here\n'],
  ])('goes behind the last one, %s', (_, __, end) => {
    const text = manifest([`a: ${lineOf(old)}`], end);
    expect(edited(text, { password: fresh })).toBe(manifest([`a: ${lineOf(old)}`, `password: ${lineOf(fresh)}`], end));
    const lineEnds = text.replaceAll('\n', '\r\n');
    expect(edited(lineEnds, { password: fresh }).replaceAll('\r\n', '\n')).toBe(edited(text, { password: fresh }));
    expect(edited(lineEnds, { password: fresh })).not.toMatch(/[^\r]\n/);
  });

  test('goes to the end of a text without a last line break, which stays so', () => {
    const text = manifest([`a: ${old.ciphertext}`]).trimEnd();
    expect(edited(text, { password: fresh })).toBe(`${text}\n    password: ${lineOf(fresh)}`);
  });

  test('goes behind a block and takes its indentation', () => {
    const text = manifest([`a: |`, `  ${old.ciphertext}`, ''], '  template: {}\n').replaceAll('    ', '        ');
    const lines = edited(text, { password: fresh }).split('\n');
    expect(lines.filter((line) => !text.split('\n').includes(line))).toEqual([`        password: ${lineOf(fresh)}`]);
    expect(lines.indexOf(`        password: ${lineOf(fresh)}`)).toBe(11);
  });

  test('can be added while others are replaced', () => {
    const text = manifest([`a: ${lineOf(old)}`, `b: ${lineOf(old)} # kept`, `c: ${lineOf(old)}`]);
    expect(edited(text, { a: fresh, '1.20': fresh, c: fresh, d: fresh })).toBe(
      manifest([
        `a: ${lineOf(fresh)}`,
        `b: ${lineOf(old)} # kept`,
        `c: ${lineOf(fresh)}`,
        `"1.20": ${lineOf(fresh)}`,
        `d: ${lineOf(fresh)}`,
      ]),
    );
  });

  test.each([
    [
      'in JSON',
      JSON.stringify({
        kind: 'SealedSecret',
        apiVersion: 'bitnami.com/v1alpha1',
        metadata: { name: 'login', namespace: 'mlflow' },
        spec: { encryptedData: { a: old.ciphertext } },
      }),
      'is written in braces, where no key can be added (write it as kubeseal -o yaml prints it)',
    ],
    ['in braces', manifest([]).replace('encryptedData:', 'encryptedData: {}'), 'is written in braces, where'],
    ['with a question mark', manifest([`? a`, `: ${old.ciphertext}`]), 'does not begin on a line of its own'],
  ])('is refused where it could not be added without more: %s', (_, text, message) => {
    expect(issuesOf(text)).toEqual([expect.stringContaining(message)]);
  });
});

describe('a missing SealedSecret', () => {
  const made = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: login
  namespace: mlflow
spec:
  encryptedData:
    password: ${lineOf(fresh)}
`;

  test.each([
    ['an empty text', '', made],
    ['a comment', '# ours', `# ours\n${made}`],
    ['an empty document', '---\n', `---\n${made}`],
    ['another', manifest(['a: x'], '', 'other'), `${manifest(['a: x'], '', 'other')}---\n${made}`],
    [
      'another without a last line break',
      manifest(['a: x'], '', 'other').trimEnd(),
      `${manifest(['a: x'], '', 'other')}---\n${made}`,
    ],
    [
      'another with an end',
      `${manifest(['a: x'], '', 'other')}...\n# end\n`,
      `${manifest(['a: x'], '', 'other')}...\n# end\n---\n${made}`,
    ],
    [
      'one of its name elsewhere',
      manifest(['a: x'], '', 'login', 'b'),
      `${manifest(['a: x'], '', 'login', 'b')}---\n${made}`,
    ],
  ])('is made at the end of %s', (_, before, after) => {
    expect(edited(before, { password: fresh })).toBe(after);
  });

  test('takes over the line breaks', () => {
    const text = manifest(['a: x'], '', 'other').replaceAll('\n', '\r\n');
    expect(edited(text, { password: fresh })).toBe(`${text}---\r\n${made.replaceAll('\n', '\r\n')}`);
  });

  test.each([
    ['namespace-wide', 'Opaque'],
    ['cluster-wide', 'kubernetes.io/dockerconfigjson'],
  ] as const)('says its scope %s and its type %s', (scope, type) => {
    const value = sealedFor('mlflow', 'login', 'x', scope);
    const text = edited('', { password: value }, { ...LOGIN, scope, type });
    const [secret] = readSealedSecrets(text, 's.yaml').secrets;
    expect([secret?.scope, secret?.template.type?.value ?? 'Opaque']).toEqual([scope, type]);
    expect(secret?.template.annotations.get(`sealedsecrets.bitnami.com/${scope}`)?.value).toBe('true');
    expect(opened(text)).toEqual(['login/password=x']);
  });
});

describe('a file that is wrong', () => {
  test('is not changed, whatever is wrong, unless it is the value itself', () => {
    const bad = 'kind: Secret\ndata: {a: hunter2}\n';
    expect(issuesOf(`${bad}${manifest(['password: x!'])}`)).toEqual([
      expect.stringContaining('s.yaml:1:1 kind: is a Secret in plain text'),
    ]);
    expect(issuesOf('a: "')).toHaveLength(1);
    expect(issuesOf(manifest(['password: x!', 'other: y!']))).toEqual([]);
  });

  test('is not changed when scope or type do not fit', () => {
    const text = manifest([`password: ${old.ciphertext}`], '  template:\n    type: Opaque\n');
    expect(issuesOf(text, 'password', { ...LOGIN, scope: 'cluster-wide' })).toEqual([
      's.yaml:2:1 is strict, not cluster-wide (remove the SealedSecret and re-seal it, or change secrets.sealed.scope)',
    ]);
    expect(issuesOf(text, 'password', { ...LOGIN, type: 'kubernetes.io/tls' })).toEqual([
      's.yaml:12:5 spec.template.type: is not kubernetes.io/tls, the type that this Secret needs (change it, or remove the SealedSecret)',
    ]);
  });
});
