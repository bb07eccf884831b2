import { type ScalarTag, stringify, type Tags } from 'yaml';
import { quoted, UNPRINTABLE } from '../../input/printable';
import type { OutputFile } from '../manifest';

/** How a file that synth wrote begins; only such files are ever replaced or removed. */
export const MARKER = '# Synthesized by cdk8s-mlflow';

/** Line breaks and tabs, which a text in a block may have. */
const LAYOUT = /[\t\n]/g;

/**
 * A text with characters that kubectl's parser refuses unless they are escaped, or reads as a line break, or that a reader
 * of the file cannot see: in quotes, with escapes.
 */
const unprintable: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' && UNPRINTABLE.test(value.replace(LAYOUT, '')),
  resolve: (text) => text,
  stringify: ({ value }) => quoted(String(value)),
};

/** The tags of a schema, with texts in quotes that have characters without a sign. */
export const withPrintableTexts = (tags: Tags): Tags => [unprintable, ...tags];

/**
 * Values that YAML 1.1 and 1.2 read differently come out in quotes, and nothing is folded or aliased, so that kubectl,
 * Argo CD and Flux read the same.
 */
const STYLE = {
  compat: 'yaml-1.1',
  lineWidth: 0,
  blockQuote: 'literal',
  aliasDuplicateObjects: false,
  customTags: withPrintableTexts,
} as const;

/** The text of an output file. */
export function renderFile(environment: string, { objects }: OutputFile): string {
  const head = `${MARKER} from the environment ${quoted(environment)}. A change here is lost at the next synth.\n`;
  return head + objects.map((object) => stringify(object, STYLE)).join('---\n');
}

/** The name of a file with its extension. Only the Namespace must come first: kubectl applies files by name. */
export const fileName = (name: string): string => `${name === 'namespace' ? '00-' : ''}${name}.k8s.yaml`;
