import { ApiObject, App } from 'cdk8s';
import { EnvironmentError, MlflowChart, type MlflowChartProps } from '../../../lib';
import { SMALLEST, temporaryFolder } from '../../support/support';

/** The props of a chart: what is wrong with them, and what a user is told of them. */

const QUIET = { warn: () => undefined };

const app = () => new App({ outdir: temporaryFolder() });

const chartOf = (props: MlflowChartProps = {}, parent = app()) =>
  new MlflowChart(parent, 'mlflow', { ...SMALLEST, ...QUIET, ...props });

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('what is wrong with the keys', () => {
  const failed = (props: object) => {
    try {
      chartOf(props as MlflowChartProps);
    } catch (error) {
      return error as EnvironmentError;
    }
    throw new Error('nothing is wrong');
  };

  test('is thrown at once, whole, as an EnvironmentError whose stack begins at the caller', () => {
    const error = failed({ database: { hots: 'x' }, sealedSecrets: 'kind: Secret', nmae: 'y' });
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message.split('\n')).toEqual([
      expect.stringMatching(/^database\.hots: .*did you mean host\?/),
      expect.stringMatching(/^nmae: .*did you mean name\?/),
      expect.stringMatching(/^database\.host: /),
      expect.stringMatching(/^sealedSecrets\.kind: .*line 1/),
    ]);
    expect(error.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain(__filename);
  });

  test.each([
    ['extends', { extends: '../base.yaml' }, /^extends: is only for files/],
    [
      'a Secret that is not sealed',
      { secrets: { provider: 'sealed' } },
      /^secrets\.provider: .*mlflow\/mlflow-basic-auth/,
    ],
    ['the props of another constructor', { environment: {}, programs: {} }, /^environment: /],
    ['a text that is none', { sealedSecrets: 5 }, /^sealedSecrets: is not a text/],
    ['a list that is none', { objects: {}, warn: 'x' }, /^objects: is not a list.*\nwarn: is not a function/],
    ['programs that are none', { programs: [] }, /^programs: is not a map/],
  ])('%s', (_, props, said) => {
    expect(failed(props).message).toMatch(said);
  });
});

test.each([undefined, null, 'x', []])('props that are %j are an EnvironmentError', (props) => {
  expect(message(() => new MlflowChart(app(), 'mlflow', props as never))).toMatch(/^environment: is not a map of keys/);
});

describe('warnings', () => {
  const old = { image: { repository: 'own/mlflow', tag: '3.1.0' } };

  test('are handed over once, those of added objects too', () => {
    const lines: string[] = [];
    const parent = app();
    const chart = chartOf({ ...old, warn: (line) => lines.push(line) }, parent);
    new ApiObject(chart, 'own', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'own' },
      spec: { type: 'LoadBalancer', selector: chart.server.selectorLabels, ports: [{ port: 80, targetPort: 'http' }] },
    } as never);
    parent.synth();
    parent.synth();
    expect(lines).toEqual([expect.stringMatching(/^image\.tag: /), expect.stringMatching(/^own.*open-network/)]);
  });

  test('are printed by default, with the chart', () => {
    const spy = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    chartOf({ ...old, warn: undefined });
    expect(spy.mock.calls).toEqual([[expect.stringMatching(/^warning: \[mlflow\] image\.tag: /)]]);
    spy.mockRestore();
  });
});
