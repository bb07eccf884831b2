/**
 * Kubernetes quantities ("500m", "1.5Gi"): read, compared and written in the one form that the API server would
 * store, so that a diff against the cluster stays empty.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const DECIMAL: Readonly<Record<string, number>> = { m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
const FORM = /^(\d+(?:\.\d+)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|m|k|M|G|T|P)?$/;

/**
 * The number that a quantity stands for: cores for CPU, bytes for memory and storage.
 *
 * @returns NaN when the text is not a quantity.
 */
export function quantityValue(text: string): number {
  const match = FORM.exec(text);
  if (!match) return Number.NaN;
  const suffix = match[2] ?? '';
  const binary = BINARY.indexOf(suffix);
  const factor = binary > 0 ? 1024 ** binary : (DECIMAL[suffix] ?? Number.NaN);
  return Number(match[1]) * factor;
}

/** A quantity of CPU in its canonical form: whole cores as "2", all else in thousandths as "500m". */
export function canonicalCpu(text: string): string {
  const thousandths = Math.round(quantityValue(text) * 1000);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/**
 * A quantity of bytes in its canonical form: the largest suffix of the same family that keeps the number whole
 * ("1024Mi" is "1Gi", "1.5Gi" is "1536Mi").
 */
export function canonicalBytes(text: string): string {
  const bytes = quantityValue(text);
  return /[KMGTP]i$/.test(text) ? formatBinary(bytes) : formatDecimal(bytes);
}

/** A number of bytes with the largest binary suffix that keeps it whole. */
export function formatBinary(bytes: number): string {
  let power = 0;
  let rest = Math.ceil(bytes);
  while (power < BINARY.length - 1 && rest !== 0 && rest % 1024 === 0) {
    rest /= 1024;
    power += 1;
  }
  return `${rest}${BINARY[power]}`;
}

function formatDecimal(bytes: number): string {
  const suffixes = ['P', 'T', 'G', 'M', 'k'] as const;
  const whole = Math.ceil(bytes);
  const suffix = suffixes.find((candidate) => whole !== 0 && whole % (DECIMAL[candidate] ?? 1) === 0);
  return suffix ? `${whole / (DECIMAL[suffix] ?? 1)}${suffix}` : String(whole);
}
