import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support';

/** Every page that people read: by path from the root of the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'image/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
];

/** The text of a page. */
export const readPage = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** Whether a page is written from the sources, which its texts then are. */
export const isGenerated = (page: string): boolean => /^(<!-- )?Generated (by|from) /m.test(readPage(page));

/** A block of a page between fences. */
export interface Block {
  readonly page: string;
  /** What is after the opening fence, or nothing. */
  readonly language: string;
  /** Without the indentation of the fence. */
  readonly text: string;
  /** Where it is, for the names of tests. */
  readonly at: string;
}

/** Every block of a page, in order. */
export const blocksOf = (page: string): Block[] =>
  blocksIn(readPage(page)).map(({ line, ...block }) => ({ ...block, page, at: `${page}:${line}` }));

/** The inline code of a page, each on one line. */
export const inlineCodeOf = (page: string): string[] =>
  [
    ...readPage(page)
      .replace(FENCED, '')
      .matchAll(/`([^`]+)`/g),
  ].map(([, code = '']) => code.replace(/\s+/g, ' '));

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm;

const blocksIn = (text: string) =>
  [...text.matchAll(FENCED)].map(({ 1: indent = '', 2: language = '', 3: block = '', index }) => ({
    language,
    text: block.replace(new RegExp(`^${indent}`, 'gm'), ''),
    line: text.slice(0, index).split('\n').length,
  }));
