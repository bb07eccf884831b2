import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A key and a certificate of its own, as the controller makes them. */
export interface KeyPair {
  /** PEM, with a line break at its end. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** What is unusual about a certificate. */
export interface KeyPairSettings {
  readonly bits?: number;
  readonly kind?: 'rsa' | 'ec' | 'ed25519';
  readonly validFrom?: string;
  readonly validTo?: string;
}

/** Makes a key pair with Node alone, so that the tests need no other program and can choose the dates. */
export function makeKeyPair(settings: KeyPairSettings = {}): KeyPair {
  const { validFrom = '2026-01-01T00:00:00Z', validTo = '2036-01-01T00:00:00Z' } = settings;
  const { publicKey, privateKey } = generate(settings);
  const isEd = privateKey.asymmetricKeyType === 'ed25519';
  const algorithm = signatureAlgorithm(privateKey.asymmetricKeyType ?? '');
  const name = der(0x30);
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    der(0x30, time(validFrom), time(validTo)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign(isEd ? null : 'sha256', body, privateKey);
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function generate({ kind = 'rsa', bits = 2048 }: KeyPairSettings): { publicKey: KeyObject; privateKey: KeyObject } {
  if (kind === 'ec') return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  const known = bits === 2048 ? nextKey() : committedKey(String(bits));
  return known ?? generateKeyPairSync('rsa', { modulusLength: bits });
}

let taken = 0;

/** Another of the committed keys at each call, or none when all are taken: generating one takes a tenth of a second. */
function nextKey(): { publicKey: KeyObject; privateKey: KeyObject } | undefined {
  taken += 1;
  return committedKey(String(taken));
}

/** A key of `keys`, by its name: that of 3072 bits has them for one, and generating it takes half a second. */
function committedKey(name: string): { publicKey: KeyObject; privateKey: KeyObject } | undefined {
  const file = join(__dirname, 'keys', `${name}.pem`);
  if (!existsSync(file)) return undefined;
  const privateKey = createPrivateKey(readFileSync(file));
  return { publicKey: createPublicKey(privateKey), privateKey };
}

/** One element of DER. */
function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const length =
    content.length < 128 ? [content.length] : [0x82, Math.floor(content.length / 256), content.length % 256];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const time = (date: string): Buffer => der(0x18, Buffer.from(date.replace(/[-:T]/g, '')));

/** The identifiers of RSA, ECDSA (both with SHA-256) and Ed25519. */
function signatureAlgorithm(kind: string): Buffer {
  const identifier = { rsa: '2a864886f70d01010b', ec: '2a8648ce3d040302', ed25519: '2b6570' }[kind] ?? '';
  const parameters = kind === 'rsa' ? [der(0x05)] : [];
  return der(0x30, der(0x06, Buffer.from(identifier, 'hex')), ...parameters);
}
