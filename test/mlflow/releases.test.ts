import { serverCommand } from '../../lib/components/server/command';
import type { EnvironmentInput } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import {
  compareReleases,
  NEWEST_RELEASE,
  OLDEST_RELEASE,
  releaseNumber,
  releaseOfTag,
} from '../../lib/mlflow/releases';
import { MLFLOW_IMAGE } from '../../lib/versions';
import { RELEASES } from '../arbitraries/shared/releases';
import { resolved, SMALLEST } from '../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

describe('releases', () => {
  test('are compared by their numbers and not by their letters', () => {
    const shuffled = ['3.10.0', '3.2.0', '3.1.0', '10.0.0', '3.9.12', '3.9.2', '3.18.0'];
    expect(shuffled.toSorted(compareReleases)).toEqual([
      '3.1.0',
      '3.2.0',
      '3.9.2',
      '3.9.12',
      '3.10.0',
      '3.18.0',
      '10.0.0',
    ]);
    expect(compareReleases('3.1.0', '3.1.0')).toBe(0);
  });

  test('are all that is between the oldest and the newest', () => {
    for (const version of RELEASES.slice(0, -1)) {
      expect(compareReleases(version, OLDEST_RELEASE)).toBeGreaterThanOrEqual(0);
      expect(compareReleases(version, NEWEST_RELEASE)).toBeLessThanOrEqual(0);
    }
    expect(releaseOfTag(MLFLOW_IMAGE.tag)).toBe(NEWEST_RELEASE);
  });

  test.each([
    ['3.1.0-4', '3.1.0'],
    ['v3.18.0-full', '3.18.0'],
    ['v3.18.0', '3.18.0'],
    ['3.10.1', '3.10.1'],
    ['3.18.0rc1', '3.18.0'],
    ['3.10', undefined],
    ['3.1.0.1', undefined],
    ['latest', undefined],
    ['mlflow-3.1.0', undefined],
    ['vv3.1.0', undefined],
  ])('are read from a tag: %s is %s', (tag, version) => {
    expect(releaseOfTag(tag)).toBe(version);
  });

  test.each(['3.1', '3.1.0-4', 'v3.1.0', '', '3.1.x'])('are not %j', (text) => {
    expect(() => releaseNumber(text)).toThrow(RangeError);
  });

  test('that are newer than any tested one are rendered like it, with a warning', () => {
    const { environment: given } = parseEnvironment({ ...SMALLEST, image: { tag: 'v3.99.0-full' } });
    const { environment, issues, warnings } = given ? resolve(given) : { issues: [], warnings: [] };
    expect(issues).toEqual([]);
    expect(warnings.map(({ message }) => message).join()).toContain('3.99.0');
    const newest = serverCommand(of('3.18.0'));
    expect(environment && serverCommand(environment)).toEqual(newest);
  });
});
