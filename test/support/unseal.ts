import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { SealedSecret } from '../../lib/sealed-secrets/sealed-secret';

const parsed = new Map<string, KeyObject>();

/** Parsing a key takes longer than a decryption. */
function keyOf(pem: string): KeyObject {
  const key = parsed.get(pem) ?? createPrivateKey(pem);
  parsed.set(pem, key);
  return key;
}

/** Opens one value, written after the controller's description of the format and not after our encoder. */
export function unseal(ciphertext: string, privateKey: string, label: string): Buffer {
  const bytes = Buffer.from(ciphertext, 'base64');
  const split = 2 + bytes.readUInt16BE(0);
  const key = privateDecrypt(
    {
      key: keyOf(privateKey),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: 'sha256',
      oaepLabel: Buffer.from(label),
    },
    bytes.subarray(2, split),
  );
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(split, -16)), decipher.final()]);
}

/** Opens all values of a SealedSecret as the controller would: by what it says of itself. */
export function unsealAll({ namespace, name, scope, encryptedData }: SealedSecret, privateKey: string) {
  const label = { strict: `${namespace}/${name}`, 'namespace-wide': namespace, 'cluster-wide': '' }[scope];
  return new Map([...encryptedData].map(([key, { value }]) => [key, unseal(value, privateKey, label)]));
}
