/** How commands end. */
export const ExitCode = {
  DONE: 0,
  INPUT: 1,
  BUG: 2,
  /** As shells report a program that Ctrl-C ended. */
  INTERRUPTED: 130,
} as const;

const MEANINGS: Readonly<Record<keyof typeof ExitCode, string>> = {
  DONE: 'done',
  INPUT: 'invalid input, stale output, or a file that cannot be read or written',
  BUG: 'internal error',
  INTERRUPTED: 'interrupted',
};

/** Every exit code with what it means, for the help and the documentation. */
export const exitCodes = (): (readonly [code: number, means: string])[] =>
  (Object.keys(ExitCode) as (keyof typeof ExitCode)[]).map((name) => [ExitCode[name], MEANINGS[name]]);
