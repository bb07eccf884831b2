import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import { schemasOf, upgradeNotes } from '../../lib/environment/upgrade';
import { compareReleases, KNOWN_RELEASES, release } from '../../lib/mlflow/releases';
import { ROOT, resolved, SMALLEST } from '../support/support';

/** What is said of a change of release. That it is true is for the script and the end-to-end tests. */

const at = (tag: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'own/mlflow', tag }, ...more });

test.each<[string, string, EnvironmentInput, readonly RegExp[]]>([
  ['3.16.0', '3.16.1', {}, [/^MLflow 3\.16\.0 -> 3\.16\.1: no schema change/]],
  [
    '3.13.0',
    '3.14.0',
    {},
    [/migrates the tracking schema \(da6fb0208061 -> b7e4c1a90f23\); the only/, /RollingUpdate/, /Recreate/],
  ],
  ['3.6.0', '3.7.0', {}, [/migrates the auth schema \(8606fa83a998 -> 0965eb92f5f0\)/, /RollingUpdate/, /Recreate/]],
  ['3.6.0', '3.7.0', { auth: { enabled: false } }, [/no schema change/]],
  [
    '3.4.0',
    '3.6.0',
    { server: { rollout: 'Recreate' } },
    [/tracking/, /3\.6\.0 cannot upgrade users of 3\.4\.0 .*3\.7\.0/],
  ],
  [
    '3.1.0',
    '3.18.0',
    { database: { host: 'a', migration: 'check' } },
    [/tracking.*auth/, /database\.migration is check.*15/],
  ],
  [
    '3.18.0',
    '3.1.0',
    {},
    [
      /downgrade across the tracking schema .* \(prepare exits with 14\)/,
      /^to go back, restore a backup of MLflow 3\.1\.0 or older, or start with empty databases \(docs\/upgrade\.md#go-back\)$/,
    ],
  ],
  [
    '3.5.1',
    '3.6.0',
    {},
    [
      /migrates the auth schema \(8606fa83a998 -> 8606fa83a998, in another table\)/,
      /3\.6\.0 cannot upgrade users of 3\.5\.1 .*17.*3\.7\.0/,
    ],
  ],
  ['3.5.1', '3.6.0', { auth: { enabled: false } }, [/no schema change/]],
  [
    '3.6.0',
    '3.5.1',
    {},
    [
      /downgrade across the auth schema \(.*in another table\): .*\(prepare exits with 14\)/,
      /restore a backup of MLflow 3\.5\.1/,
    ],
  ],
  ['3.6.0', '3.5.1', { auth: { enabled: false } }, [/no schema change/]],
  ['3.16.1', '3.16.0', {}, [/no schema change/]],
  ['3.18.0', '3.19.0', {}, [/schemas of 3\.19\.0 are unknown/, /RollingUpdate/, /Recreate/]],
  ['3.18.0', '3.18.0', {}, []],
])('from %s to %s with %j', (before, after, more, lines) => {
  const notes = upgradeNotes(before, at(after, more));
  expect(notes).toEqual(lines.map((line) => expect.stringMatching(line)));
});

describe('what moves below a static prefix', () => {
  const PAGES = { '/api': 'prefixedApi', '/health': 'prefixedHealth', '/v1/traces': 'prefixedSpans' } as const;
  const versions = KNOWN_RELEASES.map(({ version }) => version);

  // To 3.6.0 there is no way at all with users.
  test.each(versions.filter((version) => version !== '3.6.0'))('is named on the way to %s', (after) => {
    const prefixed = at(after, { server: { staticPrefix: '/mlflow' } });
    for (const before of versions.filter((version) => compareReleases(version, after) < 0)) {
      const moved = Object.entries(PAGES).filter(([, page]) => release(before).can(page) !== release(after).can(page));
      const said = upgradeNotes(before, prefixed).filter((line) => line.startsWith('server.staticPrefix: '));
      expect([before, said]).toEqual([
        before,
        moved.map(([page]) => expect.stringContaining(`: ${page} becomes /mlflow${page}: `)),
      ]);
      expect(upgradeNotes(before, at(after)).join()).not.toContain('staticPrefix');
    }
  });
});

describe('pods of two releases serve side by side', () => {
  const versions = KNOWN_RELEASES.map(({ version }) => version);
  const schemas = (version: string, users: boolean) => {
    const known = schemasOf(version);
    // Before 3.6 the revision of the auth schema is in a table of another name, which `prepare` compares.
    const table = compareReleases(version, '3.6.0') < 0 ? 'alembic_version' : 'alembic_version_auth';
    return [known?.trackingSchema, ...(users ? [known?.authSchema, table] : [])].join();
  };

  test.each([true, false])('only where `prepare` finds its schemas as they are, with users: %s', (enabled) => {
    for (const after of versions) {
      const environment = at(after, { auth: { enabled } });
      for (const before of versions.filter((version) => version !== after)) {
        const says = upgradeNotes(before, environment).join(' ').includes('side by side');
        expect([before, after, says]).toEqual([before, after, schemas(before, enabled) === schemas(after, enabled)]);
      }
    }
  });
});

test('a release between two rows has the schemas of the row before it', () => {
  expect(schemasOf('3.1.2')?.version).toBe('3.1.1');
  expect(schemasOf('3.99.0')).toBeUndefined();
  for (const known of KNOWN_RELEASES) expect(schemasOf(known.version)).toEqual(known);
});

test('the page that the notes name exists', () => {
  const page = join(ROOT, 'docs', 'upgrade.md');
  expect(existsSync(page)).toBe(true);
  for (const code of [14, 15, 16, 17]) expect(readFileSync(page, 'utf8')).toMatch(new RegExp(`\\b${code}\\b`));
});
