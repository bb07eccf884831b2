import { App } from 'cdk8s';
import { MlflowChart, type MlflowChartProps } from '../../lib';
import { SHORT_PROGRAMS, sample } from './sample';

/** What the library makes of an environment is what the command makes of it. */

const { holds } = sample;

/** By their texts, in no order. */
const sorted = (objects: readonly unknown[]) => objects.map((each) => JSON.stringify(each)).sort();

const options = { programs: SHORT_PROGRAMS, warn: () => undefined };

holds(
  'app.synth() has the objects of the files, patches included, and no rule against them',
  ({ input: { extends: _, ...keys }, environment, objects }) => {
    // Their ciphertexts are no text of a user.
    if (environment.requiredSecrets.some(({ provider }) => provider === 'sealed')) return;
    const chart = new MlflowChart(new App({ outdir: '.' }), 'mlflow', { ...(keys as MlflowChartProps), ...options });
    expect(sorted(chart.toJson())).toEqual(sorted(objects));
  },
  3,
);
