import { createHash } from 'node:crypto';
import type { SealingCertificate } from './certificate';

/** The comment after a sealed value, which lets you check offline that the value belongs to its Secret and key. */
export interface SealNote {
  /** The first digits of the fingerprint of the certificate. */
  readonly certificate: string;
  /** The first digits of a hash over label and ciphertext, which reveals nothing about the value. */
  readonly seal: string;
}

const CERTIFICATE_DIGITS = 16;
const SEAL_DIGITS = 8;
const NOTE = /\bcertificate ([0-9a-f]{16}), seal ([0-9a-f]{8})\b/;
const LENGTH_BYTES = 2;
const TAG_BYTES = 16;
/**
 * Keys of 2048 to 16384 bits. The first two bytes of anything else, such as plain text, are hardly ever in this range.
 */
const [LEAST_BLOCK, MOST_BLOCK] = [256, 2048];

/** The digits by which a certificate is called. */
export const shortFingerprint = ({ fingerprint }: Pick<SealingCertificate, 'fingerprint'>): string =>
  fingerprint.slice(0, CERTIFICATE_DIGITS);

/** The note of a value that was just sealed. */
export const noteOf = (ciphertext: string, label: string, certificate: SealingCertificate): SealNote => ({
  certificate: shortFingerprint(certificate),
  seal: sealOf(ciphertext, label),
});

const sealOf = (ciphertext: string, label: string): string =>
  createHash('sha256').update(`${label}\0${ciphertext}`).digest('hex').slice(0, SEAL_DIGITS);

/** A note as it is written in a comment. */
export const formatNote = ({ certificate, seal }: SealNote): string => `certificate ${certificate}, seal ${seal}`;

/** The note in a comment, or undefined. */
export function readNote(comment: string): SealNote | undefined {
  const [, certificate, seal] = NOTE.exec(comment) ?? [];
  return certificate !== undefined && seal !== undefined ? { certificate, seal } : undefined;
}

/** A comment with its note replaced; the rest of it stays. */
export function withNote(comment: string, note: SealNote): string {
  const text = formatNote(note);
  if (NOTE.test(comment)) return comment.replace(NOTE, text);
  const rest = comment.trim();
  return rest === '' ? text : `${text}; ${rest}`;
}

/** A ciphertext without the line breaks that the controller passes over, as in a YAML block. */
export const onOneLine = (ciphertext: string): string => ciphertext.replace(/[\r\n]/g, '');

/**
 * What is wrong with a ciphertext, as far as that can be seen without the private key, or undefined.
 *
 * @param label what a value in this Secret must be bound to
 * @param certificates those that it may be sealed with; undefined when they are not known
 */
export function ciphertextIssue(
  ciphertext: string,
  label: string,
  note: SealNote | undefined,
  certificates: readonly SealingCertificate[] | undefined,
): string | undefined {
  if (ciphertext === '') return 'is empty (seal the value)';
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.toString('base64') !== ciphertext) {
    return 'is not standard base64 (paste what kubeseal prints, whole and on one line)';
  }
  const blockBytes = bytes.length < LENGTH_BYTES ? 0 : bytes.readUInt16BE(0);
  if (blockBytes < LEAST_BLOCK || blockBytes > MOST_BLOCK)
    return 'is not a sealed value (seal it; a plain value must not be in git)';
  if (bytes.length < LENGTH_BYTES + blockBytes + TAG_BYTES) return 'is truncated (paste all of it, or re-seal it)';
  if (note && note.seal !== sealOf(ciphertext, label)) {
    return 'is damaged, or was sealed for another name, namespace or scope (re-seal it)';
  }
  if (!certificates) return undefined;
  const noted = note && certificates.filter((each) => shortFingerprint(each) === note.certificate);
  if (noted?.length === 0) {
    return `is sealed with certificate ${note?.certificate}, which is not in the certificate file (re-seal it, or add that certificate below the first)`;
  }
  if (!(noted ?? certificates).some(({ bits }) => Math.ceil(bits / 8) === blockBytes)) {
    return `is sealed with a key of ${blockBytes * 8} bits, which no certificate in the certificate file has (re-seal it)`;
  }
  return undefined;
}
