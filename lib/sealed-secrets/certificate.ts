import { type KeyObject, X509Certificate } from 'node:crypto';
import type { LocatedIssue } from '../input/issue';
import { readTextFile } from '../input/read-text';

/** A certificate of the Sealed Secrets controller, which values are encrypted with. */
export interface SealingCertificate {
  /** The RSA key that values are encrypted with. */
  readonly publicKey: KeyObject;
  /** The length of the key. */
  readonly bits: number;
  /** SHA-256 over the certificate, 64 lower-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Since when the certificate is valid. */
  readonly validFrom: Date;
  /** Until when the certificate is valid. The controller still opens what was sealed with it. */
  readonly validTo: Date;
}

/** What a PEM file gave: its certificates in their order, and all that is wrong with it. */
export interface CertificateReading {
  /** The first is sealed with; what the others sealed is still accepted. */
  readonly certificates: readonly SealingCertificate[];
  readonly issues: readonly LocatedIssue[];
}

/** The file of the certificate by default, beside the environment. */
export const CERTIFICATE_FILE = 'sealing-certificate.pem';

/** The controller creates keys of 4096 bits; fewer than 2048 no longer protect. */
const MINIMUM_BITS = 2048;
const SOURCE = 'use what kubeseal --fetch-cert prints';

/** Reads a PEM file. One that does not exist has no certificate and no issue. */
export function readCertificateFile(file: string): CertificateReading {
  const reading = readTextFile(file);
  if ('text' in reading) return readCertificates(reading.text, file);
  const issue = { at: { file, line: 1, column: 1 }, path: [], message: reading.message };
  return { certificates: [], issues: reading.reason === 'missing' ? [] : [issue] };
}

/**
 * Reads the text of a PEM file, which may contain several certificates and, as PEM files do, text between them. Whether
 * they are valid now is not checked: the outcome would depend on the day.
 *
 * @param file what issues name it
 */
export function readCertificates(text: string, file: string): CertificateReading {
  const certificates: SealingCertificate[] = [];
  const issues: LocatedIssue[] = [];
  const report = (line: number, message: string) => issues.push({ at: { file, line, column: 1 }, path: [], message });

  const blocks = [
    ...text.matchAll(/^-----BEGIN ([^\r\n]*?)-----[ \t]*\r?$(?:([\s\S]*?)^-----END \1-----[ \t]*\r?$)?/gm),
  ];
  for (const block of blocks) {
    const [whole, label, body] = block;
    const line = text.slice(0, block.index).split('\n').length;
    if (label !== 'CERTIFICATE') report(line, labelIssue(label ?? ''));
    else if (body === undefined) report(line, `is a truncated certificate (${SOURCE})`);
    else {
      const read = readCertificate(whole);
      if (typeof read === 'string') report(line, read);
      else certificates.push(read);
    }
  }
  if (blocks.length === 0) report(1, `contains no certificate in PEM format (${SOURCE})`);
  return { certificates, issues };
}

/** The label is text of the file and might be anything, so it is not repeated. */
function labelIssue(label: string): string {
  if (label.endsWith('PRIVATE KEY')) {
    return `is a private key (keep it out of this folder; ${SOURCE})`;
  }
  if (label.endsWith('PUBLIC KEY')) return `is a public key without a certificate (${SOURCE})`;
  return `is not a CERTIFICATE block (${SOURCE})`;
}

/** A certificate that can be sealed with, or what is wrong with it. */
function readCertificate(pem: string): SealingCertificate | string {
  let certificate: X509Certificate;
  let publicKey: KeyObject;
  try {
    certificate = new X509Certificate(pem);
    publicKey = certificate.publicKey;
  } catch {
    return `is damaged and cannot be read (${SOURCE})`;
  }
  const kind = publicKey.asymmetricKeyType;
  if (kind !== 'rsa') return `has a key of type ${kind ?? 'unknown'} (Sealed Secrets needs RSA; ${SOURCE})`;
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MINIMUM_BITS) return `has an RSA key of ${bits} bits (${MINIMUM_BITS} or more are needed; ${SOURCE})`;
  return {
    publicKey,
    bits,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
  };
}

/** Why a certificate should not be sealed with at a time, or undefined. */
export function validityIssue({ validFrom, validTo }: SealingCertificate, now: Date): string | undefined {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  if (now > validTo) return `expired on ${day(validTo)} (fetch the controller's newest, or use --allow-expired)`;
  if (now < validFrom) {
    return `is not valid before ${day(validFrom)} (check this machine's clock, or use --allow-expired)`;
  }
  return undefined;
}
