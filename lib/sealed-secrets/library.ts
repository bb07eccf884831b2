import { InputError } from '../input/input-error';
import { formatIssues } from '../input/issue';
import { certificateIssues, refuse, scopeIssues, secretIssues, textIssues, valueIssues } from './arguments';
import { readCertificates, type SealingCertificate } from './certificate';
import { noteOf } from './ciphertext';
import { setSealedValues } from './edit';
import { type Scope, scopeLabel, seal } from './seal';

/** What a sealed value is bound to. */
export interface ValueScope {
  /** The namespace of the Secret. */
  readonly namespace: string;
  /** The name of the Secret. */
  readonly name: string;
  /**
   * Where the controller decrypts the value: only in this Secret (`strict`), in this namespace, or anywhere.
   *
   * @default strict
   */
  readonly scope?: Scope;
}

/** A Secret with the values to seal. */
export interface SecretValues extends ValueScope {
  /** The values by their keys: texts in UTF-8, or bytes. */
  readonly values: Readonly<Record<string, string | Buffer>>;
  /**
   * The type of the Secret.
   *
   * @default Opaque
   */
  readonly type?: string;
}

/**
 * Reads the certificate of the controller, as `kubeseal --fetch-cert` prints it. Of several, the first is the one to
 * seal with. Whether it has expired is not checked: see `validTo`.
 *
 * @param text the text of a PEM file
 * @param file what messages call the file, `sealing-certificate.pem` by default
 * @throws InputError if there is no certificate with an RSA key of at least 2048 bits, with every issue.
 */
export function readCertificate(text: string, file = 'sealing-certificate.pem'): SealingCertificate {
  refuse([
    ...textIssues('text', text, "pass what readFileSync(FILE, 'utf8') returns"),
    ...textIssues('file', file, 'pass a path'),
  ]);
  const { certificates, issues } = readCertificates(text, file);
  const [first] = certificates;
  if (!first || issues.length > 0) throw new InputError(formatIssues(issues));
  return first;
}

/**
 * Encrypts a value as `kubeseal --raw` does. The result differs each time.
 *
 * @param value a text in UTF-8, or bytes
 * @returns standard base64 on one line, for `spec.encryptedData` of a SealedSecret
 * @throws InputError if an argument is not valid, with every issue.
 */
export function sealValue(value: string | Buffer, certificate: SealingCertificate, to: ValueScope): string {
  refuse([...valueIssues('value', value), ...certificateIssues(certificate), ...scopeIssues(to, 'to')]);
  const { namespace, name, scope = 'strict' } = to;
  return seal(Buffer.from(value), certificate, scopeLabel(scope, namespace, name));
}

/**
 * Puts sealed values into the text of a file of SealedSecrets. Only the lines of the keys named change: other values, comments
 * and the order stay. A missing key is added, and a missing SealedSecret comes last.
 *
 * @param text the text of the file; empty for a new one
 * @param file what messages call the file, `sealed-secrets.yaml` by default
 * @returns the new text
 * @throws InputError if the text is not one of SealedSecrets, or an argument is not valid, with every issue.
 */
export function sealInto(
  text: string,
  certificate: SealingCertificate,
  secret: SecretValues,
  file = 'sealed-secrets.yaml',
): string {
  refuse([
    ...textIssues('text', text, 'pass the text of the file, empty for a new one'),
    ...certificateIssues(certificate),
    ...secretIssues(secret),
    ...textIssues('file', file, 'pass a path'),
  ]);
  const { namespace, name, scope = 'strict', type = 'Opaque', values } = secret;
  const label = scopeLabel(scope, namespace, name);
  const sealed = Object.entries(values).map(([key, value]) => {
    const ciphertext = sealValue(value, certificate, secret);
    return [key, { ciphertext, note: noteOf(ciphertext, label, certificate) }] as const;
  });
  const edited = setSealedValues(text, file, { namespace, name, scope, type }, new Map(sealed));
  if ('issues' in edited) throw new InputError(formatIssues(edited.issues));
  return edited.text;
}
