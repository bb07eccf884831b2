import { compareReleases, KNOWN_RELEASES, NEWEST_RELEASE, OLDEST_RELEASE, release } from '../../lib/mlflow/releases';
import { VULNERABILITIES_ELSEWHERE } from '../../lib/mlflow/vulnerabilities/elsewhere';
import type { Exposure } from '../../lib/mlflow/vulnerabilities/model';
import {
  affects,
  releaseWithout,
  remainingVulnerabilities,
  VULNERABILITIES,
} from '../../lib/mlflow/vulnerabilities/remaining';
import { atLeast } from '../arbitraries/shared/releases';

const DEFAULTS: Exposure = { login: true, basicAuth: true, jobs: false, ownStoresOnly: false };

/** Every combination of settings. */
const EXPOSURES: readonly Exposure[] = [
  { login: true, basicAuth: true },
  { login: true, basicAuth: false },
  { login: false, basicAuth: false },
].flatMap((who) =>
  [true, false].flatMap((jobs) => [true, false].map((ownStoresOnly) => ({ ...who, jobs, ownStoresOnly }))),
);

const idsOf = (version: string, exposure = DEFAULTS) =>
  remainingVulnerabilities(release(version), exposure).flatMap(({ ids }) => ids);

describe('each vulnerability', () => {
  const versions = KNOWN_RELEASES.map(({ version }) => version);

  test.each(VULNERABILITIES.map((each) => [each.ids[0] ?? 'no id', each.what, each] as const))(
    '%s: %s affects known releases, up to one that is known',
    (_, __, { since, fixedIn, source }) => {
      for (const version of [since, fixedIn]) if (version) expect(versions).toContain(version);
      expect(compareReleases(fixedIn ?? '999.0.0', since ?? OLDEST_RELEASE)).toBeGreaterThan(0);
      expect(Object.values(source).filter((known) => known.trim() !== '')).not.toEqual([]);
    },
  );

  test('is in one table, by well-formed ids', () => {
    const here = VULNERABILITIES.flatMap(({ ids }) => ids);
    const elsewhere = VULNERABILITIES_ELSEWHERE.flatMap(({ ids }) => ids);
    const all = [...here, ...elsewhere];
    expect(all.filter((id) => !/^(CVE-20\d\d-\d{4,}|GHSA(-[23456789cfghjmpqrvwx]{4}){3})$/.test(id))).toEqual([]);
    expect(elsewhere.filter((id, index) => here.includes(id) || elsewhere.indexOf(id) < index)).toEqual([]);
  });

  test.each(versions)('affects %s from the release that brought it to the one that fixes it', (version) => {
    for (const each of VULNERABILITIES) {
      const brought = each.since === undefined || atLeast(version, each.since);
      const fixed = each.fixedIn !== undefined && atLeast(version, each.fixedIn);
      expect([each.what, affects(each, release(version))]).toEqual([each.what, brought && !fixed]);
    }
  });
});

describe('what remains', () => {
  test.each([
    ['3.17.0', []],
    ['3.16.1', ['CVE-2026-118628', 'GHSA-mr9f-g8qf-4w4j', 'CVE-2026-71211']],
    ['3.14.0', ['CVE-2026-64849', 'GHSA-7gwp-5pfp-969j']],
    ['3.11.1', ['CVE-2026-64849', 'CVE-2026-118628']],
    ['3.9.0', ['CVE-2026-2393', 'CVE-2026-33865']],
    ['3.7.0', ['CVE-2026-118628']],
  ])('of %s with the default settings has %j', (version, ids) => {
    expect(idsOf(version)).toEqual(expect.arrayContaining(ids));
    if (ids.length === 0) expect(idsOf(version)).toEqual([]);
  });

  test.each(['CVE-2025-14297', 'CVE-2026-2651', 'CVE-2026-2734', 'CVE-2026-33866', 'CVE-2026-8147', 'CVE-2026-118625'])(
    'has not %s, whose routes the start program checks',
    (id) => {
      for (const { version } of KNOWN_RELEASES) expect(idsOf(version)).not.toContain(id);
    },
  );

  test('leaves to administrators what the start program refuses to users: foreign locations, and webhooks', () => {
    for (const id of ['CVE-2026-118628', 'CVE-2026-2393', 'CVE-2026-64849'])
      for (const { version } of KNOWN_RELEASES)
        for (const exposure of EXPOSURES) {
          const found = remainingVulnerabilities(release(version), exposure).filter(({ ids }) => ids.includes(id));
          expect(new Set(found.map(({ needs }) => needs))).toEqual(new Set(found.length > 0 ? ['administrator'] : []));
          // Without a login, everyone is one.
          const affected = VULNERABILITIES.some((each) => each.ids.includes(id) && affects(each, release(version)));
          expect(found.length > 0).toBe(affected && !exposure.ownStoresOnly);
        }
  });

  test('is nothing in the newest release, whatever the settings', () => {
    for (const exposure of EXPOSURES) expect(idsOf(NEWEST_RELEASE, exposure)).toEqual([]);
  });

  test('of releases between the last warning and the fixes is not nothing', () => {
    const warned = KNOWN_RELEASES.map(({ version }) => version).filter((version) => !atLeast(version, '3.17.0'));
    expect(warned.filter((version) => idsOf(version).length === 0)).toEqual([]);
    expect(warned.length).toBeGreaterThan(20);
  });

  test.each<[string, string, keyof Exposure, boolean]>([
    ['CVE-2026-2614', '3.9.0', 'basicAuth', false],
    ['CVE-2026-116690', '3.16.1', 'basicAuth', false],
    ['CVE-2026-0545', '3.9.0', 'jobs', true],
    ['CVE-2026-2652', '3.9.0', 'jobs', true],
    ['CVE-2026-118624', '3.15.2', 'jobs', true],
    ['CVE-2025-14279', '3.4.0', 'login', false],
    ['CVE-2026-118628', '3.16.1', 'ownStoresOnly', false],
    ['CVE-2026-71211', '3.16.1', 'ownStoresOnly', false],
  ])('has %s on %s only if %s is %s', (id, version, setting, value) => {
    expect(idsOf(version, { ...DEFAULTS, [setting]: value })).toContain(id);
    expect(idsOf(version, { ...DEFAULTS, [setting]: !value })).not.toContain(id);
  });

  test('is sorted by severity, then by what an attacker needs', () => {
    const severities = ['critical', 'high', 'medium', 'low'];
    const needs = ['nothing', 'login', 'administrator'];
    const ranks = EXPOSURES.map((exposure) =>
      remainingVulnerabilities(release('3.9.0'), exposure).map(
        (each) => severities.indexOf(each.severity) * 10 + needs.indexOf(each.needs),
      ),
    );
    expect(Math.max(...ranks.map(({ length }) => length))).toBeGreaterThan(5);
    for (const each of ranks) expect(each).toEqual(each.toSorted((a, b) => a - b));
  });

  test('is nothing in the release to use, nor in any newer one, and something in the one before', () => {
    for (const exposure of EXPOSURES) {
      const first = KNOWN_RELEASES.findIndex(({ version }) => version === releaseWithout(exposure));
      expect(first).toBeGreaterThan(0);
      const counts = KNOWN_RELEASES.map(({ version }) => idsOf(version, exposure).length);
      expect(counts.slice(first).every((count) => count === 0)).toBe(true);
      expect(remainingVulnerabilities(release(KNOWN_RELEASES[first - 1]?.version ?? ''), exposure)).not.toEqual([]);
    }
  });
});
