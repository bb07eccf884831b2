import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import { schemasOf, upgradeNotes } from '../../lib/environment/upgrade';
import { KNOWN_RELEASES } from '../../lib/mlflow/releases';
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
    [/tracking/, /3\.6\.0 cannot upgrade users of 3\.4\.0 .*3\.7\.0/, /the server is down/],
  ],
  [
    '3.1.0',
    '3.18.0',
    { database: { host: 'a', migration: 'check' } },
    [/tracking.*auth/, /database\.migration is check.*15/],
  ],
  ['3.18.0', '3.1.0', {}, [/downgrade across the tracking schema .* \(prepare exits with 14\)/, /restore the backup/]],
  ['3.16.1', '3.16.0', {}, [/no schema change/]],
  ['3.18.0', '3.19.0', {}, [/schemas of 3\.19\.0 are unknown/, /RollingUpdate/, /Recreate/]],
  ['3.18.0', '3.18.0', {}, []],
])('from %s to %s with %j', (before, after, more, lines) => {
  const notes = upgradeNotes(before, at(after, more));
  expect(notes).toEqual(lines.map((line) => expect.stringMatching(line)));
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
