/** The most characters of a value. */
const MAX_LENGTH = 100;

/** Two values, each from shortly before their first difference. */
export function showBoth(before: unknown, after: unknown): string[] {
  const texts = [before, after];
  if (texts.some((value) => typeof value !== 'string' || value.includes('\n'))) return texts.map(show);
  const [a = '', b = ''] = texts as string[];
  let parts = 0;
  while (parts < a.length && a[parts] === b[parts]) parts += 1;
  const skipped = Math.max(a.length, b.length) > MAX_LENGTH ? Math.max(0, parts - SHARED) : 0;
  return [a, b].map((text) => (skipped > 0 ? `…${show(text.slice(skipped))}` : show(text)));
}

/** Characters that are shown before the first difference. */
const SHARED = 20;

/** A value on one line; long texts by their number of lines. */
export function show(value: unknown): string {
  if (typeof value === 'string' && value.includes('\n')) return `(text of ${value.split('\n').length - 1} lines)`;
  const text = JSON.stringify(value);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
