/**
 * Encryption for the Sealed Secrets controller, by itself: texts in, texts out. Nothing of cdk8s is loaded.
 *
 * @example
 * const certificate = readCertificate(readFileSync('sealing-certificate.pem', 'utf8'));
 * const secret = { namespace: 'mlflow', name: 'mlflow-db-credentials', values: { username: 'mlflow', password } };
 * const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
 * writeFileSync(FILE, sealInto(text, certificate, secret));
 */

export { InputError } from '../input/input-error';
export type { Issue, LocatedIssue, Path, Position } from '../input/issue';
export type { SealingCertificate } from './certificate';
export type { SealNote } from './ciphertext';
export { readSealedSecrets, type SealedSecretsReading, type SealingIssue } from './file';
export { readCertificate, type SecretValues, sealInto, sealValue, type ValueScope } from './library';
export type { Scope } from './seal';
export type { LocatedText, LocatedTexts, SealedSecret, SealedTemplate, SealedValue } from './sealed-secret';
