import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** How often a permission check is looked up: once for each request, and never for another one. */

test.each(firstAndLast)('MLflow %s looks a permission check up at most once for a request', async (version) => {
  const found = await runOnApplication(version, ['permission_lookups.py']);
  const [administrator, ...users] = found.map(({ values }) => values);
  expect(users).toEqual([
    ['user', 1, 200],
    ['other', 1, 403],
    ['user', 1, 200],
  ]);
  const [name, lookups, status] = administrator ?? [];
  expect([name, status]).toEqual(['admin', 200]);
  // Older releases do not look for what an administrator needs no permission for.
  expect(version === '3.18.0' ? [1] : [0, 1]).toContain(lookups);
});
