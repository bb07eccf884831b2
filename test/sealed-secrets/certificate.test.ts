import { createPublicKey, X509Certificate } from 'node:crypto';
import { formatIssue } from '../../lib/input/issue';
import { readCertificates, validityIssue } from '../../lib/sealed-secrets/certificate';
import { makeKeyPair } from '../support/key-pair';

const first = makeKeyPair();
const second = makeKeyPair();

/** The issues of a text as lines. */
const issuesOf = (text: string): string[] =>
  readCertificates(text, 'c.pem').issues.map((issue) => formatIssue(issue.at, issue));

describe('a file of certificates', () => {
  test('gives key, size, fingerprint and dates of each, in the order of the file', () => {
    const { certificates, issues } = readCertificates(`${first.certificate}\n${second.certificate}`, 'c.pem');
    expect(issues).toEqual([]);
    expect(certificates).toHaveLength(2);
    for (const [index, pair] of [first, second].entries()) {
      const read = certificates[index];
      expect(read?.publicKey.equals(createPublicKey(pair.privateKey))).toBe(true);
      expect(read?.bits).toBe(2048);
      expect(read?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(read?.fingerprint).toBe(
        new X509Certificate(pair.certificate).fingerprint256.replaceAll(':', '').toLowerCase(),
      );
      expect(read?.validFrom.toISOString()).toBe('2026-01-01T00:00:00.000Z');
      expect(read?.validTo.toISOString()).toBe('2036-01-01T00:00:00.000Z');
    }
  });

  test.each([
    ['with words around each', `# of the old cluster\n${first.certificate}and this:\n${second.certificate}`],
    ['with CRLF', `${first.certificate}${second.certificate}`.replaceAll('\n', '\r\n')],
    ['without a last line break', `${first.certificate}${second.certificate}`.trimEnd()],
    ['after a byte order mark and a line', `\ufeff\n${first.certificate}${second.certificate}`],
  ])('is read %s', (_, text) => {
    const { certificates, issues } = readCertificates(text, 'c.pem');
    expect([certificates.length, issues]).toEqual([2, []]);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'c.pem:1:1 contains no certificate in PEM format (use what kubeseal --fetch-cert prints)'],
    ['no PEM', 'hunter2', 'c.pem:1:1 contains no certificate in PEM format (use what kubeseal --fetch-cert prints)'],
    ['a private key', first.privateKey, 'c.pem:1:1 is a private key (keep it out of this folder; use what '],
    [
      'a public key',
      createPublicKey(first.privateKey).export({ type: 'spki', format: 'pem' }).toString(),
      'c.pem:1:1 is a public key without a certificate (',
    ],
    [
      'another block',
      first.certificate.replaceAll('CERTIFICATE', 'X509 CRL'),
      'c.pem:1:1 is not a CERTIFICATE block (',
    ],
    ['a block without end', first.certificate.slice(0, 400), 'c.pem:1:1 is a truncated certificate ('],
    ['a damaged one', first.certificate.replace(/\n.{8}/, '\n'), 'c.pem:1:1 is damaged and cannot be read ('],
    ['an empty one', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 'c.pem:1:1 is damaged and cannot be'],
    [
      'an elliptic key',
      makeKeyPair({ kind: 'ec' }).certificate,
      'c.pem:1:1 has a key of type ec (Sealed Secrets needs RSA; ',
    ],
    ['an Ed25519 key', makeKeyPair({ kind: 'ed25519' }).certificate, 'c.pem:1:1 has a key of type ed25519 ('],
    [
      'a short key',
      makeKeyPair({ bits: 1024 }).certificate,
      'c.pem:1:1 has an RSA key of 1024 bits (2048 or more are needed; ',
    ],
  ])('is refused with one line when it holds %s', (_, text, line) => {
    const lines = issuesOf(text);
    expect(lines).toEqual([expect.stringContaining(line)]);
    expect(lines[0]).toMatch(/\)$/);
    expect(lines[0]).not.toContain('hunter2');
  });

  test('says every issue with its line, and keeps the good ones', () => {
    const text = `x\n${first.certificate}${second.privateKey}${makeKeyPair({ bits: 1024 }).certificate}`;
    expect(readCertificates(text, 'c.pem').certificates).toHaveLength(1);
    const key = text.split('\n').indexOf('-----BEGIN PRIVATE KEY-----') + 1;
    const short = text.split('\n').lastIndexOf('-----BEGIN CERTIFICATE-----') + 1;
    expect(issuesOf(text)).toEqual([
      expect.stringContaining(`c.pem:${key}:1 is a private key`),
      expect.stringContaining(`c.pem:${short}:1 has an RSA key of 1024 bits`),
    ]);
  });
});

describe('the validity of a certificate', () => {
  const [certificate] = readCertificates(first.certificate, 'c.pem').certificates;
  const at = (date: string) => certificate && validityIssue(certificate, new Date(date));

  test('is checked at the given time', () => {
    expect(at('2030-06-01T00:00:00Z')).toBeUndefined();
    expect(at('2026-01-01T00:00:00Z')).toBeUndefined();
    expect(at('2036-01-01T00:00:00Z')).toBeUndefined();
    expect(at('2036-01-01T00:00:01Z')).toBe(
      "expired on 2036-01-01 (fetch the controller's newest, or use --allow-expired)",
    );
    expect(at('2025-12-31T23:59:59Z')).toBe(
      "is not valid before 2026-01-01 (check this machine's clock, or use --allow-expired)",
    );
  });

  test('does not matter when one is read', () => {
    const old = makeKeyPair({ validFrom: '2001-01-01T00:00:00Z', validTo: '2002-01-01T00:00:00Z' });
    expect(readCertificates(old.certificate, 'c.pem').issues).toEqual([]);
  });
});
