/** What a kind of text must look like for the API server to accept it. */
export interface Grammar {
  readonly pattern: RegExp;
  /** The most characters. @default unlimited, or limited by the pattern */
  readonly maximum?: number;
  /** Completes "must be …". */
  readonly form: string;
}

/** Whether a text follows a grammar. */
export function matches({ pattern, maximum = Number.POSITIVE_INFINITY }: Grammar, text: string): boolean {
  return text.length <= maximum && pattern.test(text);
}

/** What is right, with the length: `at most 63 lowercase letters, digits and -`. */
export function describeGrammar({ maximum, form }: Grammar): string {
  return maximum === undefined ? form : `at most ${maximum} ${form}`;
}
