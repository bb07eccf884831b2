/** How MLflow compares hosts and origins with what is allowed. */

/** Whether MLflow accepts a Host header, or from 3.11.1 on an origin: an entry with a star is a pattern of Python's fnmatch, any other is exact. */
export const letsIn = (entries: readonly string[], host: string): boolean =>
  entries.some((entry) => (entry.includes('*') ? fnmatch(entry).test(host) : entry === host));

/** A pattern of Python's fnmatch. */
export function fnmatch(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    // A set ends at the first closing bracket that is not its first member; without one the bracket is itself.
    const end = pattern.indexOf(']', at + (pattern[at + 1] === '!' ? 3 : 2));
    if (character === '*') source += '.*';
    else if (character === '?') source += '.';
    else if (character === '[' && end > 0) {
      const members = pattern
        .slice(at + 1, end)
        .replaceAll('\\', '\\\\')
        .replace(/^!/, '^')
        .replace(/^\[/, '\\[');
      source += `[${members}]`;
      at = end;
    } else source += character.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 's');
}
