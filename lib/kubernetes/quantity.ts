/**
 * Kubernetes quantities ("500m", "1.5Gi"): read, compared and written in the one form that the API server would
 * store, so that a diff against the cluster stays empty.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const ANY = /^(?<number>[+-]?(?:\d+\.?\d*|\.\d+))(?:(?<exponent>e[+-]?\d+)|(?<suffix>[KMGTPE]i|[numkMGTPE]))?$/;
const EXPONENT = /E(?=[+-]?\d)/;

/**
 * The number that any quantity represents which the API server reads, with a sign, an exponent or billionths, too.
 *
 * @returns NaN when the text is not a quantity.
 */
export function anyQuantityValue(text: string): number {
  const { number = '', exponent = '', suffix = '' } = ANY.exec(text.replace(EXPONENT, 'e'))?.groups ?? {};
  const binary = BINARY.indexOf(suffix);
  const factor = binary > 0 ? 1024 ** binary : 1000 ** (DECIMAL.indexOf(suffix) - DECIMAL.indexOf(''));
  return number === '' ? Number.NaN : Number(`${number.replace(/\.$/, '')}${exponent}`) * factor;
}

const FORM = /^(\d+(\.\d+)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|m|k|M|G|T|P|E)?$/;

/**
 * The number that a quantity represents, as one writes it: cores for CPU, bytes for memory and storage.
 *
 * @returns NaN when the text is not such a quantity.
 */
export const quantityValue = (text: string): number => (FORM.test(text) ? anyQuantityValue(text) : Number.NaN);

/** A quantity of CPU in its canonical form: whole cores as "2", all else in thousandths as "500m". */
export function canonicalCpu(text: string): string {
  return shortest(BigInt(Math.round(quantityValue(text) * 1000)), 1000n, DECIMAL.slice(DECIMAL.indexOf('m')));
}

/**
 * A quantity of bytes in its canonical form: the largest suffix of the same family that keeps the number whole
 * ("1024Mi" is "1Gi", "1.5Gi" is "1536Mi").
 */
export function canonicalBytes(text: string): string {
  const bytes = quantityValue(text);
  return /[KMGTPE]i$/.test(text) ? formatBinary(bytes) : formatDecimal(bytes);
}

/** A number of bytes with the largest binary suffix that keeps it whole; with a decimal one if none does. */
export function formatBinary(bytes: number): string {
  const whole = BigInt(Math.ceil(bytes));
  return whole % 1024n === 0n ? shortest(whole, 1024n, BINARY) : formatDecimal(bytes);
}

const formatDecimal = (bytes: number): string =>
  shortest(BigInt(Math.ceil(bytes)), 1000n, DECIMAL.slice(DECIMAL.indexOf('')));

const WRITTEN = /^(\d+)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?$/;
const BILLION = 1_000_000_000n;

/**
 * The text that the API server stores for any quantity, formed as by its library: the largest suffix that keeps the
 * number whole, billionths rounded up, and a binary suffix only from 1024 on.
 *
 * @returns undefined when the text is not a quantity in plain digits.
 */
export function canonicalQuantity(text: string): string | undefined {
  const match = WRITTEN.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', suffix = ''] = match;
  const binary = BINARY.indexOf(suffix);
  const unit = binary > 0 ? BILLION * 1024n ** BigInt(binary) : 1000n ** BigInt(DECIMAL.indexOf(suffix));
  const billionths = divideUp(BigInt(whole + fraction) * unit, 10n ** BigInt(fraction.length));
  return binary > 0 && billionths >= 1024n * BILLION
    ? shortest(divideUp(billionths, BILLION), 1024n, BINARY)
    : shortest(billionths, 1000n, DECIMAL);
}

const divideUp = (value: bigint, by: bigint) => (value + by - 1n) / by;

/** A number of the first unit, written in the largest that keeps it whole. */
function shortest(number: bigint, step: bigint, units: readonly string[]): string {
  if (number === 0n) return '0';
  let rest = number;
  let power = 0;
  while (power < units.length - 1 && rest % step === 0n) {
    rest /= step;
    power += 1;
  }
  return `${rest}${units[power]}`;
}
