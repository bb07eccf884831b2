import { brokenLinks, linksOf } from '../support/links';

test.each([
  ['docs/troubleshooting.md', 10],
  ['docs/security.md', 3],
  ['docs/users.md', 2],
  ['docs/secrets.md', 1],
  ['docs/proxy.md', 0],
  ['README.md', 15],
  ['SECURITY.md', 0],
])('%s has more than %i links, each to something that exists', (page, count) => {
  expect(linksOf(page).length).toBeGreaterThan(count);
  expect(brokenLinks(page)).toEqual([]);
});
