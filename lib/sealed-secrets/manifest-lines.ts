import { formatNote, type SealNote } from './ciphertext';
import { API_VERSION, KIND } from './model';
import { SCOPE_ANNOTATIONS, type Scope } from './seal';

/** The SealedSecret that values go into. */
export interface SealTarget {
  readonly namespace: string;
  readonly name: string;
  readonly scope: Scope;
  /** `Opaque`, or another type that Kubernetes knows. */
  readonly type: string;
}

/** A value that was sealed, with what is noted behind it. */
export interface NewValue {
  readonly ciphertext: string;
  readonly note: SealNote;
}

/** A line of `encryptedData`, without its indentation. */
export const valueLine = (key: string, { ciphertext, note }: NewValue): string =>
  `${word(key)}: ${ciphertext} # ${formatNote(note)}`;

/** The smallest SealedSecret with these values. */
export function manifestLines(
  { namespace, name, scope, type }: SealTarget,
  values: ReadonlyMap<string, NewValue>,
): string[] {
  // The controller reads the one on the SealedSecret, kubeseal the one on the Secret.
  const annotation = scope === 'strict' ? [] : ['annotations:', `  ${SCOPE_ANNOTATIONS[scope]}: "true"`];
  const template = [
    ...(type === 'Opaque' ? [] : [`type: ${type}`]),
    ...(annotation.length > 0 ? ['metadata:', ...indented(annotation)] : []),
  ];
  return [
    `apiVersion: ${API_VERSION}`,
    `kind: ${KIND}`,
    'metadata:',
    ...indented([`name: ${word(name)}`, `namespace: ${word(namespace)}`, ...annotation]),
    'spec:',
    ...indented(['encryptedData:', ...indented([...values].map(([key, value]) => valueLine(key, value)))]),
    ...(template.length > 0 ? indented(['template:', ...indented(template)]) : []),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);

/** A scalar that YAML 1.1 and 1.2 read as text. */
const word = (text: string): string =>
  /^[a-zA-Z_][-\w.]*$|^\.[a-zA-Z_]\w*$/.test(text) && !/^(y|n|yes|no|on|off|true|false|null|\.inf|\.nan)$/i.test(text)
    ? text
    : JSON.stringify(text);
