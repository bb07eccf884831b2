import { reportedRisks } from '../../../lib/components/shared/risks/risk';

/** The message of a risk: what it opens, what to do, and how to allow it. */

test.each([
  ['is x', 'use y', 'is x (use y, or add no-login to allow)'],
  ['is x (by default)', 'use y', 'is x (by default) (use y, or add no-login to allow)'],
  ['is x', 'use y (or z)', 'is x (use y (or z), or add no-login to allow)'],
])('%s: %s', (what, fix, message) => {
  expect(reportedRisks([{ path: ['a'], risk: 'no-login', what, fix }], [])).toEqual({
    issues: [expect.objectContaining({ path: ['a'], message })],
    warnings: [],
  });
});
