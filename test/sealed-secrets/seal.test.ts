import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { readCertificates, type SealingCertificate } from '../../lib/sealed-secrets/certificate';
import { ciphertextIssue, noteOf, readNote, withNote } from '../../lib/sealed-secrets/ciphertext';
import { SCOPES, scopeLabel, seal } from '../../lib/sealed-secrets/seal';
import { makeKeyPair } from '../support/key-pair';
import { unseal } from '../support/unseal';

const pair = makeKeyPair();
const other = makeKeyPair({ bits: 3072 });
const [certificate, stranger] = readCertificates(pair.certificate + other.certificate, 'c.pem')
  .certificates as readonly SealingCertificate[] as [SealingCertificate, SealingCertificate];

describe('the label of a scope', () => {
  test.each([
    ['strict', 'team/login'],
    ['namespace-wide', 'team'],
    ['cluster-wide', ''],
  ] as const)('%s is %j', (scope, label) => {
    expect(scopeLabel(scope, 'team', 'login')).toBe(label);
  });
});

describe('a sealed value', () => {
  const bytes = fc.uint8Array({ maxLength: 4096 }).map((array) => Buffer.from(array));

  test('opens to the same bytes, whatever they are, with its label', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom(...SCOPES), (value, scope) => {
        const label = scopeLabel(scope, 'mlflow', 'mlflow-db-credentials');
        const before = Buffer.from(value);
        const sealed = seal(value, certificate, label);
        expect(unseal(sealed, pair.privateKey, label).equals(before)).toBe(true);
        // The value itself is left to whoever gave it.
        expect(value.equals(before)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['one NUL', Buffer.alloc(1)],
    ['64 KiB', randomBytes(65_536)],
    ['text beyond ASCII', Buffer.from('pä$$wörd 🔑\n')],
  ])('opens when it was %s', (_, value) => {
    expect(unseal(seal(value, certificate, 'a/b'), pair.privateKey, 'a/b').equals(value)).toBe(true);
  });

  test('does not open with another label or another key', () => {
    const sealed = seal(Buffer.from('x'), certificate, 'a/b');
    expect(() => unseal(sealed, pair.privateKey, 'a/c')).toThrow();
    expect(() => unseal(sealed, other.privateKey, 'a/b')).toThrow();
  });

  test('is another text each time, of a length that depends on the value alone, on one line', () => {
    const sealed = Array.from({ length: 20 }, () => seal(Buffer.from('same'), certificate, ''));
    expect(new Set(sealed).size).toBe(20);
    for (const text of sealed) expect(text).toMatch(/^AQ[A-Za-z0-9+/]+=*$/);
    expect(new Set(sealed.map((text) => Buffer.from(text, 'base64').length))).toEqual(new Set([2 + 256 + 4 + 16]));
  });
});

describe('what can be told of a ciphertext without the key', () => {
  const label = 'mlflow/login';
  const sealed = seal(Buffer.from('a value'), certificate, label);
  const note = noteOf(sealed, label, certificate);
  const both = [certificate, stranger];
  const cut = Buffer.from(sealed, 'base64').subarray(0, -3).toString('base64');

  test('nothing is wrong with what was sealed here', () => {
    expect(ciphertextIssue(sealed, label, note, both)).toBeUndefined();
    expect(ciphertextIssue(sealed, label, undefined, both)).toBeUndefined();
    expect(ciphertextIssue(sealed, label, note, undefined)).toBeUndefined();
  });

  test('a value is whole from the length of nothing sealed on', () => {
    const nothing = seal(Buffer.alloc(0), certificate, label);
    const shorter = Buffer.from(nothing, 'base64').subarray(0, -1).toString('base64');
    expect(ciphertextIssue(nothing, label, undefined, both)).toBeUndefined();
    expect(ciphertextIssue(shorter, label, undefined, both)).toContain('is truncated');
  });

  test.each<[string, string | undefined]>([
    ['is damaged, or was sealed', ciphertextIssue(cut, label, note, both)],
    ['is damaged, or was sealed', ciphertextIssue(sealed.replace(/.{4}$/, 'AAAA'), label, note, both)],
    ['is damaged, or was sealed', ciphertextIssue(sealed, 'mlflow/other', note, both)],
    ['is damaged, or was sealed', ciphertextIssue(sealed, 'mlflow', note, both)],
    ['which is not in the certificate file', ciphertextIssue(sealed, label, note, [stranger])],
    ['is sealed with a key of 2048 bits', ciphertextIssue(sealed, label, undefined, [stranger])],
    ['is truncated', ciphertextIssue(sealed.slice(0, 344), label, undefined, both)],
    ['is empty', ciphertextIssue('', label, undefined, both)],
    ['is not a sealed value', ciphertextIssue('AAAA', label, undefined, both)],
    ['is not a sealed value', ciphertextIssue('AQ==', label, undefined, both)],
    [
      'is not a sealed value',
      ciphertextIssue(Buffer.from('hunter2hunter2').toString('base64'), label, undefined, both),
    ],
    ['is not standard base64', ciphertextIssue('hunter2!', label, undefined, both)],
    ['is not standard base64', ciphertextIssue(sealed.replace(/^..../, '$& '), label, undefined, both)],
    ['is not standard base64', ciphertextIssue(sealed.replace(/=+$/, '').slice(0, -1), label, undefined, both)],
    ['is not standard base64', ciphertextIssue(Buffer.from(sealed, 'base64').toString('base64url'), label, note, both)],
  ])('%s', (message, issue) => {
    expect(issue).toContain(message);
    expect(issue).toMatch(/\)$/);
    expect(issue).not.toContain('hunter2');
  });
});

describe('the note behind a value', () => {
  const note = { certificate: '9f86d081884c7d65', seal: '1a2b3c4d' };
  const text = 'certificate 9f86d081884c7d65, seal 1a2b3c4d';

  test('is read from a comment, with or without other words', () => {
    expect(readNote(text)).toEqual(note);
    expect(readNote(`from the vault; ${text}; ask Ann`)).toEqual(note);
    expect(readNote('from the vault')).toBeUndefined();
    expect(readNote('certificate 9f86, seal 1a2b3c4d')).toBeUndefined();
  });

  test('replaces another and keeps other words', () => {
    expect(withNote('', note)).toBe(text);
    expect(withNote('ask Ann', note)).toBe(`${text}; ask Ann`);
    expect(withNote('certificate 0000000000000000, seal 00000000; ask Ann', note)).toBe(`${text}; ask Ann`);
  });
});
