import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Lexer, parseDocument, Scalar } from 'yaml';
import { exampleValues, withOwnStores } from './preset-values';

/** The text of an environment that is created from a preset. */
export interface PresetText {
  readonly text: string;
  /** Whether its values come from sealed-secrets.yaml, which `init` does not copy: anyone can open the example's. */
  readonly isSealed: boolean;
  /** The values that the user must replace, each as `file:line key: value`. */
  readonly examples: readonly string[];
}

/**
 * A preset as an environment of its own. Only the lines that must differ are replaced in the text: serializing the
 * parsed document would change the layout of lists and comments.
 *
 * @param file the file that the text will be in
 * @param namespace its own namespace: in that of the preset it would replace existing objects
 */
export function fromPreset(preset: string, file: string, namespace: string): PresetText {
  const text = withNamespace(withoutDeadPaths(preset, file), namespace);
  return {
    text,
    isSealed: parseDocument(text).getIn(['secrets', 'provider']) === 'sealed',
    examples: exampleValues(text, file),
  };
}

function withNamespace(text: string, namespace: string): string {
  const document = parseDocument(text);
  const name = document.getIn(['namespace', 'name'], true);
  if (name instanceof Scalar && name.range) {
    const [start, end] = name.range;
    const before = String(name.value);
    const named = text.slice(0, start) + namespace + text.slice(end);
    return withOwnStores(withNamespaceInCommands(named, before, namespace), before, namespace);
  }
  // The range of the contents starts at the first key, after the comment that describes the file.
  const start = document.contents?.range?.[0] ?? text.length;
  return `${text.slice(0, start)}namespace:\n  name: ${namespace}\n\n${text.slice(start)}`;
}

/** The commands in comments are for the namespace of the environment too. */
const withNamespaceInCommands = (text: string, before: string, namespace: string): string =>
  text.replace(/(?<=#.* -n )[-a-z0-9]+/g, (name) => (name === before ? namespace : name));

/** The lexer's own mark of where a document starts, which is no part of the text. */
const DOCUMENT_START = '\u0002';

/**
 * Removes each comment line that ends in a path that does not exist from the new file, such as the schema's outside of
 * this repository, and empty comment lines that would then be first.
 */
function withoutDeadPaths(text: string, file: string): string {
  const removed = new Set<number>();
  let line = 0;
  let isLineEmpty = true;
  let isFirst = true;
  for (const token of new Lexer().lex(text)) {
    if (isLineEmpty && token.startsWith('#')) {
      const path = /[\s=]((?:\.\.\/)+\S+)$/.exec(token)?.[1];
      const isDead = path !== undefined && !existsSync(join(dirname(file), path));
      if (isDead || (isFirst && token === '#')) removed.add(line);
      else isFirst = false;
    }
    const breaks = token.split('\n').length - 1;
    line += breaks;
    isLineEmpty = breaks > 0 || (isLineEmpty && (token.trim() === '' || token === DOCUMENT_START));
  }
  return text
    .split('\n')
    .filter((_, index) => !removed.has(index))
    .join('\n');
}
