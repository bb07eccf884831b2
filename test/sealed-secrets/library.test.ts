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
