import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** An example of a section. */
export interface ReferenceExample {
  /** The section that it is about: its first key. */
  readonly section: string;
  readonly text: string;
}

/** The examples of the reference page, which are documents of one file. */
export const referenceExamples = (): ReferenceExample[] =>
  readFileSync(join(__dirname, 'reference-examples.yaml'), 'utf8')
    .replace(/^(#.*\n)+/, '')
    .split(/^---\n/m)
    .map((text) => ({ section: Object.keys(parse(text))[0] ?? '', text }));
