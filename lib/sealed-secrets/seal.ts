import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import type { SealingCertificate } from './certificate';

/** What a sealed value is bound to, the strictest first. */
export const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'] as const;

/** What a sealed value is bound to: one Secret, a namespace, or nothing. */
export type Scope = (typeof SCOPES)[number];

/** The annotation that sets the scope of a SealedSecret that is not strict. Its value is "true". */
export const SCOPE_ANNOTATIONS = {
  'cluster-wide': 'sealedsecrets.bitnami.com/cluster-wide',
  'namespace-wide': 'sealedsecrets.bitnami.com/namespace-wide',
} as const satisfies Partial<Record<Scope, string>>;

/** The annotations that a SealedSecret needs so that the controller can decrypt values of that scope. */
export function scopeLabel(scope: Scope, namespace: string, name: string): string {
  if (scope === 'cluster-wide') return '';
  return scope === 'namespace-wide' ? namespace : `${namespace}/${name}`;
}

/** The controller expects this nonce. It is safe because a session key encrypts only one value. */
const NONCE = Buffer.alloc(12);
const KEY_BYTES = 32;

/**
 * Encrypts a value as `kubeseal` does: RSA-OAEP of a new session key, bound to the label, then AES-256-GCM of the
 * value. The result differs each time.
 *
 * @returns standard base64, on one line
 */
export function seal(value: Buffer, { publicKey }: SealingCertificate, label: string): string {
  const key = randomBytes(KEY_BYTES);
  try {
    const block = publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: Buffer.from(label) },
      key,
    );
    const cipher = createCipheriv('aes-256-gcm', key, NONCE);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(block.length);
    return Buffer.concat([length, block, cipher.update(value), cipher.final(), cipher.getAuthTag()]).toString('base64');
  } finally {
    key.fill(0);
  }
}
