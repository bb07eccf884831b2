import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usedPrograms } from '../../lib/components/shared/programs';
import { EXIT_CODES, exitRows, exitWordsIn, PROGRAMS, ROOT } from '../support/support';

/** The page for who is in trouble: it knows every way in which the programs of the pods end. */

const page = readFileSync(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8');

test('has a row for every exit code of prepare, and for no other', () => {
  const modules = Object.keys(usedPrograms(PROGRAMS, ['prepare/__main__.py']));
  const own = exitWordsIn(modules.filter((path) => path.startsWith('prepare/')));
  const words = exitRows(page).map(([word]) => word);
  expect(EXIT_CODES).toEqual(expect.arrayContaining(exitRows(page)));
  expect(words).toEqual(expect.arrayContaining([...own, 'configuration', 'unexpected']));
  expect(words.filter((word) => !exitWordsIn(modules).has(word))).toEqual([]);
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

test('docs/maintenance.md has the exit codes of its two Jobs, each with its number', () => {
  const text = readFileSync(join(ROOT, 'docs', 'maintenance.md'), 'utf8');
  const named = [...text.matchAll(/\b(\d\d) (?:\| )?`([a-z-]+)`/g)].map(([, code = '', word = '']) => [word, code]);
  expect(named.length).toBeGreaterThan(8);
  expect(EXIT_CODES).toEqual(expect.arrayContaining(named));
  const modules = Object.keys(PROGRAMS).filter((path) => /^(garbage_collection|smoke_test)\//.test(path));
  expect(named.map(([word]) => word)).toEqual(expect.arrayContaining([...exitWordsIn(modules)]));
});
