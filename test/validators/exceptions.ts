import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Violation } from './validator';

const exception = z.strictObject({
  judge: z.string(),
  rule: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  message: z.string().optional(),
  environments: z.array(z.string()).min(1).optional(),
  reason: z.string().trim().min(20),
});

/** A violation that is forgiven, and why. */
export type Exception = Readonly<z.output<typeof exception>>;

/** Reads exceptions in the format of the program that runs the validators. */
export function readExceptions(file: string): readonly Exception[] {
  return z.strictObject({ exceptions: z.array(exception) }).parse(parse(readFileSync(file, 'utf8'))).exceptions;
}

/** The file of our exceptions. */
export const EXCEPTIONS_FILE = join(__dirname, 'exceptions.yaml');

/** Our exceptions. */
export const EXCEPTIONS = readExceptions(EXCEPTIONS_FILE);

/** Whether an exception forgives a violation. The rules are those of that program, and `environments`. */
export function covers(given: Exception, violation: Violation): boolean {
  const [kind = '', , name = ''] = violation.object.split('/');
  const whole = (pattern: string | undefined, text: string) => new RegExp(`^(?:${pattern ?? '.*'})$`).test(text);
  return (
    given.judge === violation.validator &&
    whole(given.rule, violation.rule) &&
    whole(given.kind, kind) &&
    whole(given.name, name) &&
    new RegExp(given.message ?? '').test(violation.message) &&
    (given.environments?.includes(violation.environment) ?? true)
  );
}

/** What no exception forgives. */
export const unforgiven = (violations: readonly Violation[], exceptions = EXCEPTIONS): Violation[] =>
  violations.filter((violation) => !exceptions.some((exception) => covers(exception, violation)));
