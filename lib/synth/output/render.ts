import { type ScalarTag, stringify, type Tags } from 'yaml';
import type { OutputFile } from '../manifest';

/** How a file that synth wrote begins; only such files are ever replaced or removed. */
export const MARKER = '# Synthesized by cdk8s-mlflow';

/** Characters that kubectl's parser refuses unless they are escaped, or reads as a line break. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g;

/** A text with such characters: in quotes, with escapes. */
const unprintable: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' && value.search(UNPRINTABLE) >= 0,
  resolve: (text) => text,
  stringify: ({ value }) => JSON.stringify(value).replace(UNPRINTABLE, escaped),
};

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Values that YAML 1.1 and 1.2 read differently come out in quotes, and nothing is folded or aliased, so that kubectl,
 * Argo CD and Flux read the same.
 */
const STYLE = {
  compat: 'yaml-1.1',
  lineWidth: 0,
  blockQuote: 'literal',
  aliasDuplicateObjects: false,
  customTags: (tags: Tags): Tags => [unprintable, ...tags],
} as const;

/** The text of an output file. */
export function renderFile(environment: string, { objects }: OutputFile): string {
  const head = `${MARKER} from the environment "${environment}". A change here is lost at the next synth.\n`;
  return head + objects.map((object) => stringify(object, STYLE)).join('---\n');
}

/** The name of a file with its extension. Only the Namespace must come first: kubectl applies files by name. */
export const fileName = (name: string): string => `${name === 'namespace' ? '00-' : ''}${name}.k8s.yaml`;
