import { run } from './process';
import { everyRelease, programs, python, releases, runReleases } from './tools';

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
];

test.each(everyRelease ? runReleases : releases)('random messages of all types of MLflow %s', async (version) => {
  const { code, stdout, stderr } = await run([python(version), `${__dirname}/programs/messages.py`], {
    PATH: '/usr/bin:/bin',
    HOME: '/nonexistent',
    PYTHONPATH: programs,
    PYTHONDONTWRITEBYTECODE: '1',
  });
  expect([code, code === 0 || stderr]).toEqual([0, true]);
  const types = [...stdout.matchAll(/^TYPE (.*)$/gm)].map(
    ([, line = '']) => JSON.parse(line) as [name: string, isKnown: boolean, different: string[]],
  );
  expect(types.filter(([, , different]) => different.length > 0)).toEqual([]);
  const known = new Set(types.filter(([, isKnown]) => isKnown).map(([name]) => name));
  expect(FREQUENT.filter((name) => !known.has(`mlflow.${name}.Response`))).toEqual([]);
});
