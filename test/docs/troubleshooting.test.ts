import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES, exitRows, PROGRAMS, possibleExitWords, ROOT } from '../support/support';

/** The page for who is in trouble: it knows every way in which the programs of the pods end. */

const page = readFileSync(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');

test('has a row for every exit code of prepare, and for no other', () => {
  expect(EXIT_CODES).toEqual(expect.arrayContaining(exitRows(page)));
  const words = exitRows(page).map(([word]) => word);
  const never = {
    busy: 'prepare does not take the lock of maintenance',
    's3-full': 'prepare lists the bucket, and stores no object',
    ...Object.fromEntries(
      ['unreachable', 'login', 'bucket-missing', 'full', 'other'].map((word) => [
        `store-${word}`,
        'prepare uses no bucket of backups',
      ]),
    ),
  };
  expect(words.toSorted()).toEqual(possibleExitWords(['prepare/__main__.py'], never));
  expect(words.length).toBeGreaterThan(10);
});

test('has every message that database/initialize.sh fails with, up to what depends on the case', () => {
  const messages = [...(PROGRAMS['database/initialize.sh'] ?? '').matchAll(/\bfail "([^"]+)"/g)].map(
    ([, message = '']) => message,
  );
  const beginnings = messages.map((message) => message.split(/ \(| ?\$/)[0] ?? '');
  expect(messages.length).toBeGreaterThan(5);
  expect(beginnings.filter((words) => words.length < 10 || !page.includes(words))).toEqual([]);
});

test('docs/maintenance.md has every exit code of its two Jobs, and no other', () => {
  const text = readFileSync(join(ROOT, 'docs', 'maintenance.md'), 'utf8');
  const named = [...text.matchAll(/\b(\d\d) (?:\| )?`([a-z-]+)`/g)].map(([, code = '', word = '']) => [word, code]);
  expect(EXIT_CODES).toEqual(expect.arrayContaining(named));
  // One row has several codes, whose words it does not write out.
  const rows = [...text.matchAll(/^\| (\d\d(?:, \d\d)*) \| `/gm)].flatMap(([, codes = '']) => codes.split(', '));
  const possible = possibleExitWords(['garbage_collection/__main__.py', 'smoke_test/__main__.py']);
  const codes = EXIT_CODES.filter(([word]) => possible.includes(word)).map(([, code]) => code);
  expect([...new Set([...rows, ...named.map(([, code]) => code)])].sort()).toEqual(codes.sort());
  expect(codes.length).toBeGreaterThan(12);
});
