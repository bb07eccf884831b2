import { byPosition, type LocatedIssue, type Path } from '../input/issue';
import { entryAt, type Located } from '../input/located-yaml';
import { readTextFile } from '../input/read-text';
import { type LocatedDocument, readYaml } from '../input/read-yaml';
import { repositoryOf } from '../input/repository';
import type { SealingCertificate } from './certificate';
import { ciphertextIssue } from './ciphertext';
import { scopeLabel } from './seal';
import { type ObjectInFile, readSealedSecret, type SealedSecret } from './sealed-secret';

/** An issue of the file. If it is one value that the controller could not open, re-sealing that key repairs it. */
export interface SealingIssue extends LocatedIssue {
  /** The value that the controller could not open. @default - it is about more than one value */
  readonly value?: { readonly namespace: string; readonly name: string; readonly key: string };
}

/** What reading the file gave. With an issue it is not complete. */
export interface SealedSecretsReading {
  /** In the order of the file. */
  readonly secrets: readonly SealedSecret[];
  /** In the order of the file. */
  readonly issues: readonly SealingIssue[];
}

/** What reading the file from the disk gave. */
export interface SealedSecretsFile extends SealedSecretsReading {
  readonly file: string;
  /** Undefined when the file does not exist, or cannot be used as text. */
  readonly text?: string;
}

/**
 * Reads a file of SealedSecret manifests. One that does not exist has no SealedSecret and no issue.
 *
 * @param certificates those that values may be sealed with; without them that is not checked
 */
export function readSealedSecretsFile(file: string, certificates: readonly SealingCertificate[]): SealedSecretsFile {
  const reading = readTextFile(file, repositoryOf(file));
  const known = certificates.length > 0 ? certificates : undefined;
  if ('text' in reading) return { file, text: reading.text, ...readSealedSecrets(reading.text, file, known) };
  const issue = { at: { file, line: 1, column: 1 }, path: [], message: reading.message };
  return { file, secrets: [], issues: reading.reason === 'missing' ? [] : [issue] };
}

/**
 * Reads the text of SealedSecret manifests, as `kubeseal -o yaml` or `-o json` prints them, with every issue.
 *
 * @param text the text of the file
 * @param file the name of the file in issues
 * @param certificates those that values may be sealed with; without them that is not checked
 */
export function readSealedSecrets(
  text: string,
  file: string,
  certificates?: readonly SealingCertificate[],
): SealedSecretsReading {
  const { documents, issues: unreadable } = readYaml(text, file);
  const secrets: SealedSecret[] = [];
  const issues: SealingIssue[] = [...unreadable];
  for (const document of documents) {
    const objects = objectsIn(document);
    const readings = objects.map(readSealedSecret);
    issues.push(...readings.flatMap((reading) => reading.issues));
    // Of an object of another kind nothing else matters.
    if (readings.some(({ isSealedSecret }) => isSealedSecret) || objects.length === 0) issues.push(...document.issues);
    for (const { secret } of readings) {
      if (!secret) continue;
      const { at, namespace, name } = secret;
      const first = secrets.find((other) => other.namespace === namespace && other.name === name);
      const message = `is ${namespace}/${name}, the same as in line ${first?.at.line} (keep one)`;
      if (first) issues.push({ at, path: [], message });
      secrets.push(secret);
      issues.push(...valueIssues(secret, certificates));
    }
  }
  return { secrets, issues: issues.toSorted(byPosition) };
}

/** The objects of a document: one, or those of a List. */
export function objectsIn({ root }: Pick<LocatedDocument, 'root'>): ObjectInFile[] {
  return root ? unpacked(root, []) : [];
}

function unpacked(node: Located, path: Path): ObjectInFile[] {
  const kind = entryAt(node, ['kind'])?.value;
  const items = entryAt(node, ['items'])?.value;
  if (items?.kind !== 'list' || kind?.kind !== 'scalar' || kind.value !== 'List') return [{ root: node, path }];
  return items.entries.flatMap(({ value }, index) => unpacked(value, [...path, 'items', index]));
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
