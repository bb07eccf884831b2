import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodes, PROGRAMS, ROOT } from '../support/support';

/** The page for who is in trouble: it knows every way in which the programs of the pods end. */

const page = readFileSync(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');

test('has a row for every exit code of prepare.py, and for no other', () => {
  const codes = exitCodes(PROGRAMS.prepare).map(([word, code]) => `${code} ${word}`);
  const rows = [...page.matchAll(/^\| (\d+) \| `([a-z0-9-]+)` \|/gm)].map(([, code, word]) => `${code} ${word}`);
  expect(codes.length).toBeGreaterThan(10);
  expect(rows).toEqual(codes);
});

test('has every message that initialize-database.sh fails with, up to what depends on the case', () => {
  const messages = [...PROGRAMS.initializeDatabase.matchAll(/\bfail "([^"]+)"/g)].map(([, message = '']) => message);
  const beginnings = messages.map((message) => message.split(/ \(| ?\$/)[0] ?? '');
  expect(messages.length).toBeGreaterThan(5);
  expect(beginnings.filter((words) => words.length < 10 || !page.includes(words))).toEqual([]);
});

test('leads nowhere that is not there', () => {
  const anchors = (text: string) =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
  const links = [...page.matchAll(/\]\(([^)#]*)#?([^)]*)\)/g)].map(([, path = '', anchor = '']) => ({ path, anchor }));
  const lost = links.filter(({ path, anchor }) => {
    const file = join(ROOT, 'docs', path);
    if (path !== '' && !existsSync(file)) return true;
    return anchor !== '' && !anchors(path === '' ? page : readFileSync(file, 'utf8')).includes(anchor);
  });
  expect(links.length).toBeGreaterThan(10);
  expect(lost).toEqual([]);
});
