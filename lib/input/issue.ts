import { oneLine, printable, quoted } from './printable';

/**
 * Issues of a file that a user writes. Most layers report issues by path; only the reader of the file knows the
 * position.
 */

/** The key path of a value in a file, outermost key first; list items by index. */
export type Path = readonly (string | number)[];

/** An issue: its path, and a message with the fix in parentheses. */
export interface Issue {
  /** The path of the value that is wrong. */
  readonly path: Path;
  /** Other values that it follows from: if one of them is invalid, it is not reported. @default none */
  readonly dependsOn?: readonly Path[];
  /** Whether it is only about values in the environment's own file, not about those of one that it extends. @default false */
  readonly isOfOwnFile?: boolean;
  /** In the user's terms, lowercase, no period, ending in "(what to do)". */
  readonly message: string;
}

/** The parts of a message. */
export interface Advice {
  /** What is wrong, in the user's terms, lowercase, no period. */
  readonly what: string;
  /** What to do about it. */
  readonly fix: string;
}

/** The message of an issue, with other ways out of it. */
export const messageOf = ({ what, fix }: Advice, ...others: readonly string[]): string =>
  `${what} (${[fix, ...others].join(', or ')})`;

/** One row of a table of checks: an issue if it is violated. */
export interface Check extends Issue {
  readonly violated: boolean;
}

/** The issues of a table of checks. */
export function violatedChecks(checks: readonly Check[]): Issue[] {
  return checks.filter(({ violated }) => violated).map(({ violated: _, ...issue }) => issue);
}

/** A position in a file, line and column counted from 1. */
export interface Position {
  /** The path of the file, as it was given. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units. */
  readonly column: number;
}

/** An issue with its position. */
export interface LocatedIssue extends Issue {
  /** The position of the value that is wrong. */
  readonly at: Position;
}

/** The order of two located issues: by file, line and column. */
export const byPosition = ({ at: a }: LocatedIssue, { at: b }: LocatedIssue): number =>
  Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column;

/** One line for each issue, in the given order. */
export const formatIssues = (issues: readonly LocatedIssue[]): string[] =>
  issues.map((issue) => formatIssue(issue.at, issue));

/** A path as users write it: `clients.pods[0].namespace`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = /^[\w-]+$/.test(step) ? step : quoted(step);
    return text ? `${text}.${name}` : name;
  }, '');
}

/** One line for an issue: `file:line:column key: message`. */
export function formatIssue(position: Position, issue: Issue): string {
  const key = formatPath(issue.path);
  return `${printable(position.file)}:${position.line}:${position.column} ${key ? `${key}: ` : ''}${oneLine(issue.message)}`;
}

/**
 * The first character of a text that cannot reach a program: no program starts with a NUL in an argument, and a
 * server-side apply refuses or drops the others, because kubectl and Flux send them unescaped in JSON, which the API
 * server reads as YAML. Half of a character, such as `\ud83d` alone, cannot be written in UTF-8.
 */
export const lostCharacter = (text: string): string | undefined =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a cluster
  /[\u0000\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/u.exec(text)?.[0];

/** Whether a text has a dollar sign before a brace, which Flux replaces by a variable of its own. */
export const isSubstituted = (text: string): boolean => text.includes('${');

/** Formats issues as lines: at their own position, or else where one of the environment is located. */
export const lineBy =
  (locate: (issue: Issue) => string) =>
  (issue: Issue | LocatedIssue): string =>
    'at' in issue ? formatIssue(issue.at, issue) : locate(issue);

/** One line for an issue of an environment written in TypeScript, which has no position: `key: message`. */
export const formatUnlocated = ({ path, message }: Issue): string =>
  `${formatPath(path) || 'environment'}: ${oneLine(message)}`;

/** What is wrong with an environment written in TypeScript; the message has one line per issue. */
export class EnvironmentError extends Error {
  /** Each at the path of its key. */
  declare readonly issues: readonly Issue[];

  /**
   * Creates an error whose message has a line for each issue.
   *
   * @param issues - each at the path of its key
   * @param chart - the path of the chart, which begins each line in brackets; if unset, the lines have none
   */
  constructor(issues: readonly Issue[], chart?: string) {
    const start = chart === undefined ? '' : `[${printable(chart)}] `;
    super(issues.map((issue) => start + formatUnlocated(issue)).join('\n'));
    // Not enumerable: Node would print them below the message, which has them already.
    Object.defineProperty(this, 'issues', { value: issues });
    this.name = 'EnvironmentError';
  }
}
