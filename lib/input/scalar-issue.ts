import type { Scalar } from 'yaml';

/** Half of a character, which no UTF-8 file can contain: `\ud83d` without the second half. */
const HALF = /\p{Surrogate}/u;

/** More characters than any number needs that can be kept: the largest has 309 digits, the smallest 324 behind the point. */
const MAXIMUM_NUMBER_LENGTH = 400;

const ALTERED = 'is a number that cannot be kept as it is written (use fewer digits, or write text in quotes)';

/** Why a value would not be kept as it is written, or undefined. The message repeats nothing of it. */
export function scalarIssue({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') {
    return HALF.test(value)
      ? 'contains half of a character (write both escapes of the surrogate pair, or the character)'
      : undefined;
  }
  if (typeof value === 'number') return isExact(value, (source ?? '').trim()) ? undefined : ALTERED;
  return value === null || typeof value === 'boolean' ? undefined : 'is of a type that JSON does not have (use text)';
}

/** Whether a number, written as JavaScript writes it, is the one in the source. */
function isExact(value: number, source: string): boolean {
  // The schema reports these where they are used, with the type that is right.
  if (/^[-+]?\.(inf|nan)$/i.test(source)) return true;
  if (!Number.isFinite(value) || Object.is(value, -0) || source.length > MAXIMUM_NUMBER_LENGTH) return false;
  if (/^0[ox]/.test(source)) return BigInt(source) === BigInt(value);
  return decimal(source) === decimal(String(value));
}

/** A decimal number in one form: its digits without zeros at either end, and the exponent. */
function decimal(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  return `${sign === '-' ? '-' : ''}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
