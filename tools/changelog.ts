/** The heading of what no version has yet. */
const UNRELEASED = '## [Unreleased]';

/** Where the section of a heading ends: at the next version, at the links, or at the end. */
const NEXT = /^(?:## \[|\[[^\]]+\]: )/m;

/** The text below a heading, without what follows its section; undefined if there is no such heading. */
function below(changelog: string, heading: RegExp): { start: number; end: number; text: string } | undefined {
  const found = heading.exec(changelog);
  if (!found) return undefined;
  const start = found.index + found[0].length;
  const next = NEXT.exec(changelog.slice(start));
  const end = next ? start + next.index : changelog.length;
  return { start, end, text: changelog.slice(start, end).trim() };
}

/**
 * A changelog in which the changes that were not released are those of a version.
 *
 * @param date when it is released, as YYYY-MM-DD
 * @throws Error if there are no such changes, or it has the version already
 */
export function withVersion(changelog: string, version: string, date: string): string {
  if (notesOf(changelog, version) !== undefined) throw new Error(`CHANGELOG.md has ${version} already`);
  const unreleased = below(changelog, /^## \[Unreleased\]$/m);
  if (!unreleased?.text) throw new Error(`CHANGELOG.md has nothing below ${UNRELEASED}`);
  const heading = `\n\n## [${version}] - ${date}`;
  return `${changelog.slice(0, unreleased.start)}${heading}${changelog.slice(unreleased.start)}`;
}

/** What a changelog says of a version; undefined if it does not have it. */
export const notesOf = (changelog: string, version: string): string | undefined =>
  below(changelog, new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm'))?.text;
