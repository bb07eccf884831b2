import { type Exception, unforgiven } from './exceptions';
import type { Violation } from './validator';

/** The validators that object to any of the peers, in the order of the page's columns. The sum is of all validators. */
const COLUMNS = ['yaml11-12', 'yamllint', 'flux-subst', 'kubeconform', 'psa-restricted', 'kube-score', 'checkov'];

/**
 * A row of the page that compares us with others: what the validators object to before our own exceptions, but after those
 * that all compared projects get (`common`); without any exception; and after ours.
 */
export function numbersRow(
  environment: string,
  objects: number,
  violations: readonly Violation[],
  common: readonly Exception[],
): string {
  const counted = unforgiven(violations, common);
  const cells = COLUMNS.map((column) => counted.filter(({ validator }) => validator === column).length);
  const all = [objects, ...cells, `**${counted.length}**`, violations.length, unforgiven(violations).length];
  return `| \`${environment}\` | ${all.join(' | ')} |`;
}
