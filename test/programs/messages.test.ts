import { runOnApplication } from './flask-application';
import { firstAndLast } from './tools';

/** What MLflow's API answers is written as MLflow does, whatever it is. */

/** What clients ask for most. */
const FREQUENT = [
  'CreateRun',
  'GetExperiment',
  'GetMetricHistory',
  'GetRun',
  'LogBatch',
  'LogMetric',
  'SearchExperiments',
  'SearchLoggedModels',
  'SearchModelVersions',
  'SearchRegisteredModels',
  'SearchRuns',
  'UpdateRun',
].map((name) => `mlflow.${name}.Response`);

test.each(firstAndLast)('random messages of all types of MLflow %s', async (version) => {
  const lines = await runOnApplication(version, ['messages.py']);
  expect(lines.filter(({ kind }) => kind === 'WRITER').map(({ values }) => values)).toEqual([
    [true, 'server.messages'],
  ]);
  const types = lines.filter(({ kind }) => kind === 'TYPE').map(({ values }) => values);
  expect(types.filter(([, , different]) => (different as string[]).length > 0)).toEqual([]);
  const known = types.filter(([, isKnown]) => isKnown).map(([name]) => name);
  expect(known).toEqual(expect.arrayContaining(FREQUENT));
  expect(known.length).toBeGreaterThan(0.9 * types.length);
});
