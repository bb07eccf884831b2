/** Queries of Prometheus, with any character in any text. */

/** A text as a query has it in quotes. */
const quoted = (text: string): string => JSON.stringify(text);

/** A text that a regular expression of Prometheus matches literally. */
const literally = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** What a label must be: one text, any of several, or what matches a regular expression. */
export type LabelMatch = string | readonly string[] | { readonly matches: string };

/** The part of a query that picks series by their labels. */
export function selector(labels: Readonly<Record<string, LabelMatch>>): string {
  const matchers = Object.entries(labels).map(([label, match]) => {
    if (typeof match === 'string') return `${label}=${quoted(match)}`;
    const pattern = 'matches' in match ? match.matches : match.map(literally).join('|');
    return `${label}=~${quoted(pattern)}`;
  });
  return `{${matchers.join(',')}}`;
}
