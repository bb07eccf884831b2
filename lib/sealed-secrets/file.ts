import type { DocumentIssue } from '../input/located-yaml';
import type { SealingCertificate } from './certificate';
import { ciphertextIssue } from './ciphertext';
import { scopeLabel } from './seal';
import { isText, type ObjectEntry, readSealedSecret, type SealedSecret } from './sealed-secret';
import { type YamlEntry, YamlReader } from './yaml-tree';

/** What is wrong with the file. Where it is one value that cannot be opened, sealing that key anew repairs it. */
export interface SealingIssue extends DocumentIssue {
  readonly value?: { readonly namespace: string; readonly name: string; readonly key: string };
}

/** What reading the file gave. With an issue it is not complete. */
export interface SealedSecretsReading {
  readonly secrets: readonly SealedSecret[];
  readonly issues: readonly SealingIssue[];
}

/**
 * Reads a file of SealedSecret manifests, as `kubeseal -o yaml` or `-o json` prints them, with all that is wrong.
 *
 * @param file what issues name it
 * @param certificates those that values may be sealed with; without them that is not checked
 */
export function readSealedSecrets(
  text: string,
  file: string,
  certificates?: readonly SealingCertificate[],
): SealedSecretsReading {
  const reader = new YamlReader(text, file);
  const objects = [...reader.documents()].flatMap((document) => unpacked(reader, document));
  const secrets: SealedSecret[] = [];
  const issues: SealingIssue[] = [];
  for (const object of objects) {
    const secret = readSealedSecret(reader, object);
    if (!secret) continue;
    const { at, namespace, name } = secret;
    const first = secrets.find((other) => other.namespace === namespace && other.name === name);
    if (first) reader.blame(at, [], `is ${namespace}/${name}, as the one in line ${first.at.line} (keep one)`);
    secrets.push(secret);
    issues.push(...valueIssues(secret, certificates));
  }
  issues.push(...reader.issues);
  return { secrets, issues: issues.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column) };
}

/** An object, or those of a List. */
function unpacked(reader: YamlReader, document: YamlEntry): ObjectEntry[] {
  const fields = reader.map(document);
  if (!fields) return [];
  const items = fields.get('items');
  if (items && isText(fields.get('kind'), 'List')) {
    return reader.list(items).flatMap((item) => unpacked(reader, item));
  }
  return [{ entry: document, fields }];
}

/** Values that the controller could not open. */
function valueIssues(secret: SealedSecret, certificates: readonly SealingCertificate[] | undefined): SealingIssue[] {
  const { namespace, name, scope, encryptedData } = secret;
  const label = scopeLabel(scope, namespace, name);
  return [...encryptedData].flatMap(([key, { value, at, path, note }]) => {
    const message = ciphertextIssue(value, label, note, certificates);
    return message === undefined ? [] : [{ at, path, message, value: { namespace, name, key } }];
  });
}
