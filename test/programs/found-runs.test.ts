import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** Searches of runs, whose metrics, parameters and tags are read as rows. */

test.each(firstAndLast)('MLflow %s finds what it shows of each run alone', async (version) => {
  const found = await runOnApplication(version, ['found_runs.py']);
  // How many runs, whether all was read as rows, and whether it is the same.
  const searches: readonly (readonly [string, number])[] = [
    ['all', 25],
    ['active', 10],
    ['deleted', 5],
    ['filtered', 2],
    ['some', 3],
    ['none', 0],
  ];
  expect(found.map(({ kind, values }) => [kind, ...values])).toEqual([
    ...searches.map(([title, runs]) => ['FOUND', title, runs, true, true]),
    ['FAILED', 'ConvertibleRow', 503, 'TEMPORARILY_UNAVAILABLE'],
    ['FOUND', 'afterwards', 20, true, true],
    ['FAILED', '_get_run_inputs', 503, 'TEMPORARILY_UNAVAILABLE'],
    ['FOUND', 'afterwards', 20, true, true],
  ]);
});
