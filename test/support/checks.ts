import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath } from '../../lib/input/issue';
import { resolution } from './support';

/** What tests of checks between keys share. */

/** Every issue, as a person reads it. */
export const issuesOf = (input: unknown): string[] =>
  resolution(input).issues.map(({ path, message }) => `${formatPath(path)}: ${message}`);

/** An environment with one issue, the issue, and the same environment without it. */
export type CheckCase = readonly [title: string, wrong: EnvironmentInput, issue: RegExp, right: EnvironmentInput];

/** Tests that each environment has its one issue, and no issue when that is put right. */
export function testChecks(cases: readonly CheckCase[]): void {
  describe.each(cases)('%s', (_, wrong, issue, right) => {
    test('is the one issue', () => {
      expect(issuesOf(wrong)).toEqual([expect.stringMatching(issue)]);
    });

    test('is none when it is put right', () => {
      expect(issuesOf(right)).toEqual([]);
    });
  });
}
