import type { Grammar } from './grammar';
import { DNS_SUBDOMAIN } from './names';

/**
 * Labels and annotations.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */

const PREFIX = DNS_SUBDOMAIN.pattern.source.replace(/^\^|\$$/g, '');
const NAME = '[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?';

/** The key of a label: a name, with or without a DNS subdomain as its prefix. */
export const LABEL_KEY: Grammar = {
  pattern: new RegExp(`^((?=[^/]{1,${DNS_SUBDOMAIN.maximum}}/)${PREFIX}/)?${NAME}$`),
  form: 'a key such as team or example.com/team',
};

/** The key of an annotation: that of a label, in which the case of the prefix does not matter. */
export const ANNOTATION_KEY: Grammar = { ...LABEL_KEY, pattern: new RegExp(LABEL_KEY.pattern.source, 'i') };

/** The value of a label. */
export const LABEL_VALUE: Grammar = {
  pattern: /^([a-zA-Z0-9]([-._a-zA-Z0-9]*[a-zA-Z0-9])?)?$/,
  maximum: 63,
  form: 'letters, digits, -, _ and .',
};

/** A text of the characters of a label's value, shortened to one. */
export function toLabelValue(text: string): string {
  return text.slice(0, LABEL_VALUE.maximum).replace(/^[-._]+|[-._]+$/g, '');
}
