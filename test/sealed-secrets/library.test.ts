import fc from 'fast-check';
import {
  InputError,
  readCertificate,
  readSealedSecrets,
  type SecretValues,
  sealInto,
  sealValue,
} from '../../lib/sealed-secrets';
import { SCOPES, scopeLabel } from '../../lib/sealed-secrets/seal';
import { makeKeyPair } from '../support/key-pair';
import { unseal } from '../support/unseal';

/** Sealing without a command: what is sealed can be opened, and what is wrong is said. */

const pair = makeKeyPair();
const certificate = readCertificate(pair.certificate);

const linesOf = (act: () => unknown): readonly string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.lines;
    throw error;
  }
  return [];
};

const text = fc.string({ unit: 'binary', maxLength: 200 });
const key = fc.stringMatching(/^[A-Za-z_][\w.-]{0,20}$/);
const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
const secrets: fc.Arbitrary<SecretValues> = fc.record({
  namespace: name,
  name,
  scope: fc.constantFrom(...SCOPES),
  values: fc.dictionary(key, text, { minKeys: 1, maxKeys: 4 }),
});

test('what is sealed into a text can be opened, whatever it is, and what was there stays', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(secrets, { maxLength: 3, selector: (each) => `${each.namespace}/${each.name}` }),
      (all) => {
        const sealed = all.reduce((before, secret) => sealInto(before, certificate, secret), '');
        const reading = readSealedSecrets(sealed, 'sealed-secrets.yaml', [certificate]);
        expect(reading.issues).toEqual([]);
        expect(reading.secrets).toHaveLength(all.length);
        for (const [index, { namespace, name: given, scope = 'strict', values }] of all.entries()) {
          const found = reading.secrets[index];
          expect([found?.namespace, found?.name, found?.scope]).toEqual([namespace, given, scope]);
          const opened = [...(found?.encryptedData ?? [])].map(([each, { value }]) => [
            each,
            unseal(value, pair.privateKey, scopeLabel(scope, namespace, given)).toString(),
          ]);
          expect(Object.fromEntries(opened)).toEqual(
            Object.fromEntries(Object.entries(values).map(([each, value]) => [each, Buffer.from(value).toString()])),
          );
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('a value by itself is bound to its Secret', () => {
  const sealed = sealValue('word', certificate, { namespace: 'a', name: 'b' });
  expect(unseal(sealed, pair.privateKey, 'a/b').toString()).toBe('word');
  expect(() => unseal(sealed, pair.privateKey, 'a/c')).toThrow();
});

const SECRET: SecretValues = { namespace: 'a', name: 'b', values: { key: 'hunter2' } };
const READ = readCertificate.bind(undefined);

test.each<[string, () => unknown, RegExp[]]>([
  ['a private key', () => READ(pair.privateKey.toString()), [/^sealing-certificate\.pem:1:1 /]],
  ['no certificate', () => READ('', 'own.pem'), [/^own\.pem:1:1 contains no certificate/]],
  ['a name', () => sealValue('x', certificate, { ...SECRET, name: 'A b' }), [/^name: "A b" is not valid \(use /]],
  [
    'names and a key',
    () => sealInto('', certificate, { namespace: 'a.b', name: '', values: { 'a b': 'x' } }),
    [/^namespace: "a\.b" /, /^name: "" /, /^values: key 1 is not valid/],
  ],
  ['a text of others', () => sealInto('kind: Secret\n', certificate, SECRET), [/^sealed-secrets\.yaml:1:1 kind: /]],
  [
    'another scope than before',
    () => sealInto(sealInto('', certificate, SECRET), certificate, { ...SECRET, scope: 'cluster-wide' }),
    [/is strict, not cluster-wide/],
  ],
])('%s that is wrong is an InputError, without the value', (_, act, said) => {
  const lines = linesOf(act);
  expect(lines).toEqual(said.map((each) => expect.stringMatching(each)));
  expect(lines.join()).not.toContain('hunter2');
});

describe('arguments in JavaScript that are', () => {
  /** Everything that can be passed, with one argument replaced. */
  const CALLS: Readonly<Record<string, (given: never) => unknown>> = {
    'readCertificate text': (given) => readCertificate(given),
    'readCertificate file': (given) => readCertificate(pair.certificate, given),
    'sealValue value': (given) => sealValue(given, certificate, SECRET),
    'sealValue certificate': (given) => sealValue('hunter2', given, SECRET),
    'sealValue to': (given) => sealValue('hunter2', certificate, given),
    'sealInto text': (given) => sealInto(given, certificate, SECRET),
    'sealInto certificate': (given) => sealInto('', given, SECRET),
    'sealInto secret': (given) => sealInto('', certificate, given),
    'sealInto file': (given) => sealInto('', certificate, SECRET, given),
    ...Object.fromEntries(
      (['namespace', 'name', 'scope', 'type', 'values'] as const).map((part) => [
        `sealInto secret.${part}`,
        (given: never) => sealInto('', certificate, { ...SECRET, [part]: given }),
      ]),
    ),
    'sealInto secret.values.key': (given) => sealInto('', certificate, { ...SECRET, values: { key: given } }),
    'sealValue to.scope': (given) => sealValue('hunter2', certificate, { ...SECRET, scope: given }),
  };
  const DEFAULTED = /file|scope|type/;

  test.each(Object.entries(CALLS))('of any other type are InputErrors, and nothing is sealed: %s', (what, call) => {
    const other = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }).filter((x) => typeof x !== 'string'),
      fc.constantFrom<unknown>(null, 5432, true, [], {}, () => 'hunter2', new Map(), pair.certificate),
    );
    fc.assert(
      fc.property(other, (given) => {
        if (given === undefined && DEFAULTED.test(what)) return;
        if (given instanceof Uint8Array && /value/.test(what)) return;
        if (typeof given === 'string' && /text|value|type|file/.test(what)) return;
        const lines = linesOf(() => call(given as never));
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(line).toMatch(/^.+: .+ \(.+\)$/);
        expect(lines.join()).not.toContain('hunter2');
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, () => unknown, RegExp[]]>([
    [
      'no scope',
      () => sealValue('hunter2', certificate, { ...SECRET, scope: 'cluster' as never }),
      [/^scope: is not a known scope \(use strict, namespace-wide, cluster-wide\)/],
    ],
    ['in another case', () => sealInto('', certificate, { ...SECRET, scope: 'Strict' as never }), [/^scope: /]],
    ['of an object', () => sealInto('', certificate, { ...SECRET, scope: 'toString' as never }), [/^scope: /]],
    [
      'misspelt',
      () => sealInto('', certificate, { ...SECRET, scop: 'cluster-wide' } as never),
      [/^"?scop"?: .*did you mean scope/],
    ],
    [
      '`value` for `values`',
      () => sealInto('', certificate, { namespace: 'a', name: 'b', value: { k: 'hunter2' } } as never),
      [/^"?value"?: .*did you mean values/, /^values: is missing/],
    ],
    [
      'a port',
      () => sealInto('', certificate, { ...SECRET, values: { port: 5432 as never } }),
      [/^values\.port: is a number \(pass a text or a Buffer\)/],
    ],
    [
      'a variable that is not set',
      () => sealInto('', certificate, { ...SECRET, values: { a: undefined as never } }),
      [/^values\.a: is missing/],
    ],
    ['no values', () => sealInto('', certificate, { ...SECRET, values: {} }), [/^values: is empty/]],
    [
      'the text of a certificate',
      () => sealInto('', pair.certificate as never, SECRET),
      [/^certificate: .*readCertificate/],
    ],
    [
      'the bytes of a certificate',
      () => readCertificate(Buffer.from(pair.certificate) as never),
      [/^text: is a Buffer .*utf8/],
    ],
    [
      'a private key',
      () => sealValue('hunter2', { ...certificate, publicKey: pair.privateKey } as never, SECRET),
      [/^certificate: /],
    ],
  ])('%s are issues', (_, act, said) => {
    expect(linesOf(act)).toEqual(said.map((each) => expect.stringMatching(each)));
  });
});
