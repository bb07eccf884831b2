import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks, linksOf } from '../support/links';
import { PAGES } from '../support/pages';
import { ROOT } from '../support/support';

const LINKED = [...PAGES, 'SECURITY.md', 'CHANGELOG.md'];

test.each(LINKED)('every link of %s leads to something that exists', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test.each([
  ['README.md', 15],
  ['docs/README.md', 35],
  ['docs/troubleshooting.md', 10],
  ['docs/security.md', 3],
  ['docs/users.md', 2],
  ['docs/secrets.md', 3],
])('%s has more than %i links', (page, count) => {
  expect(linksOf(page).length).toBeGreaterThan(count);
});

test('docs/README.md leads to every page', () => {
  const led = new Set(linksOf('docs/README.md').map(({ path }) => path));
  const pages = PAGES.map((page) => page.replace(/^docs\//, '')).filter((page) => /^[\w-]+\.md$/.test(page));
  const own = ['README.md', 'CONTRIBUTING.md'];
  expect(pages.filter((page) => !led.has(page) && !own.includes(page))).toEqual([]);
});

/** Files that print messages or descriptions, or whose comments send people to a page. */
const sources = ['lib', 'programs', 'environments', 'schema', 'image', 'test', 'tools'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|py|sh|yaml|json)$/.test(name))
    .map((name) => join(folder, name)),
);

test('every page that messages, descriptions and comments name exists, with the heading that they name', () => {
  const named = sources.flatMap((source) =>
    [...readFileSync(join(ROOT, source), 'utf8').matchAll(/\b(docs\/[\w/-]+\.md)(?:, ([A-Z][\w ]+)\))?/g)].map(
      ([, page = '', heading]) => ({ source, page, heading }),
    ),
  );
  expect(named.length).toBeGreaterThan(40);
  const has = (page: string, heading?: string) =>
    existsSync(join(ROOT, page)) &&
    (heading === undefined || new RegExp(`^#+ ${heading}$`, 'm').test(readFileSync(join(ROOT, page), 'utf8')));
  expect(named.filter(({ page, heading }) => !has(page, heading))).toEqual([]);
});
