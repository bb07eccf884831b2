import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { notesOf, withVersion } from '../../tools/changelog';
import { ROOT } from '../support/support';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A new key.

## [0.1.0] - 2026-01-31

- The first.

[0.1.0]: https://example.com/v0.1.0
`;

test('a version takes what was not released, and leaves the rest', () => {
  const released = withVersion(CHANGELOG, '0.2.0', '2026-02-28');
  expect(released).toBe(CHANGELOG.replace('[Unreleased]', '[Unreleased]\n\n## [0.2.0] - 2026-02-28'));
  expect(notesOf(released, '0.2.0')).toBe('### Added\n\n- A new key.');
  expect(notesOf(released, '0.1.0')).toBe('- The first.');
  expect(notesOf(released, '0.1')).toBeUndefined();
  expect(notesOf(released, '0.1x0')).toBeUndefined();
});

test('a version that is there, and one without a change, are refused', () => {
  expect(() => withVersion(CHANGELOG, '0.1.0', '2026-02-28')).toThrow('CHANGELOG.md has 0.1.0 already');
  const released = withVersion(CHANGELOG, '0.2.0', '2026-02-28');
  expect(() => withVersion(released, '0.3.0', '2026-03-31')).toThrow('CHANGELOG.md has nothing below ## [Unreleased]');
  expect(() => withVersion('# Changelog\n', '0.1.0', '2026-02-28')).toThrow('nothing below');
});

/** The notes of a version, which it has already, as after `npm version`, or would have. */
const notesNow = (changelog: string, version: string) =>
  notesOf(changelog, version) ?? notesOf(withVersion(changelog, version, '2026-02-28'), version);

test('a version that was just released has its notes, and nothing else that was not', () => {
  const released = withVersion(CHANGELOG, '0.2.0', '2026-02-28');
  expect(notesNow(released, '0.2.0')).toBe('### Added\n\n- A new key.');
  expect(() => notesNow(released, '0.3.0')).toThrow('nothing below');
});

test('the changelog of the project can be released, or was', () => {
  const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(notesNow(text, version)?.length).toBeGreaterThan(100);
  const released = notesOf(text, version) === undefined ? withVersion(text, version, '2026-02-28') : text;
  expect(notesNow(released, version)).toBe(notesNow(text, version));
});
