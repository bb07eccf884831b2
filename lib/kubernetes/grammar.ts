/** The syntax of a kind of text that the API server accepts. */
export interface Grammar {
  readonly pattern: RegExp;
  /** Maximum number of characters. @default unlimited, or limited by the pattern */
  readonly maximum?: number;
  /** Completes "must be …". */
  readonly form: string;
}

/** Whether a text follows a grammar. */
export function matches({ pattern, maximum = Number.POSITIVE_INFINITY }: Grammar, text: string): boolean {
  return text.length <= maximum && pattern.test(text);
}

/** The syntax in words, with the length: `at most 63 lowercase letters, digits and -`. */
export function describeGrammar({ maximum, form }: Grammar): string {
  return maximum === undefined ? form : `at most ${maximum} ${form}`;
}
