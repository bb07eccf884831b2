import { readCertificates, type SealingCertificate } from '../../lib/sealed-secrets/certificate';
import { noteOf } from '../../lib/sealed-secrets/ciphertext';
import type { NewValue } from '../../lib/sealed-secrets/manifest-lines';
import { type Scope, scopeLabel, seal } from '../../lib/sealed-secrets/seal';
import { makeKeyPair } from './key-pair';

/** The certificate that the tests of the file seal with, and its private key. */
export const PAIR = makeKeyPair();

/** That certificate, read. */
export const CERTIFICATE = readCertificates(PAIR.certificate, 'c.pem').certificates[0] as SealingCertificate;

/** A value sealed for a Secret, as the command seals it. */
export function sealedFor(namespace: string, name: string, value: string | Buffer, scope: Scope = 'strict'): NewValue {
  const label = scopeLabel(scope, namespace, name);
  const ciphertext = seal(Buffer.from(value), CERTIFICATE, label);
  return { ciphertext, note: noteOf(ciphertext, label, CERTIFICATE) };
}

/** A SealedSecret as kubeseal prints it, with lines of `encryptedData` and more of the spec. */
export const manifest = (values: readonly string[], more = '', name = 'login', namespace = 'mlflow'): string =>
  `---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  creationTimestamp: null
  name: ${name}
  namespace: ${namespace}
spec:
  encryptedData:
${values.map((line) => `    ${line}\n`).join('')}${more}`;
