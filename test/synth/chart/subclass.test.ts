import { join } from 'node:path';
import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { compose, InputError, MlflowChart, writeCharts } from '../../../lib';
import { ROOT, SMALLEST, temporaryFolder } from '../../support/support';
import { app, QUIET } from './chart-setting';

/** Classes of your own that extend MlflowChart, and charts that do not. */

const PROPS = { ...SMALLEST, ...QUIET };

/** The names of the members of a chart that its subclasses share with it. */
const names = (chart: MlflowChart) => [
  ...Object.getOwnPropertyNames(chart),
  ...Object.getOwnPropertyNames(Object.getPrototypeOf(chart)),
];

describe('a subclass', () => {
  test('may use each name that is not described', () => {
    const described = ['instanceName', 'release', 'server', 'service', 'servicePort', 'trackingUri', 'externalUris'];
    const own = [...described, 'secrets', 'clientEnv', 'toJson', 'constructor'];
    const inherited = names(new Chart(app(), 'plain') as MlflowChart);
    const others = names(new MlflowChart(app(), 'mlflow', PROPS)).filter((name) => !name.startsWith('_'));
    expect(others.filter((name) => ![...own, ...inherited].includes(name))).toEqual([]);
  });

  test('with members of common names is checked and rendered as before', () => {
    class Mine extends MlflowChart {
      readonly source = 'a';
      readonly objects = [1];
      readonly told = 1;
      readonly known = { fingerprint: '' };
      validate(): string[] {
        return [];
      }
      tell(): void {
        throw new Error('not ours');
      }
    }
    const parent = app();
    const chart = new Mine(parent, 'mlflow', PROPS);
    expect(JSON.stringify(chart.toJson()) === JSON.stringify(new MlflowChart(app(), 'mlflow', PROPS).toJson())).toBe(
      true,
    );
    chart.server.deployment.addJsonPatch(JsonPatch.add('/spec/replica', 2));
    expect(() => parent.synth()).toThrow('spec.replica');
  });
});

test('a subclass creates itself from a file', () => {
  class Mine extends MlflowChart {
    readonly hi = 'hi';
  }
  const chart = Mine.fromFile(app(), 'mine', join(ROOT, 'environments/quickstart/environment.yaml'), QUIET);
  expect([chart.hi, chart instanceof Mine]).toEqual(['hi', true]);
});

describe('instanceof', () => {
  class Mine extends MlflowChart {}
  class Other extends MlflowChart {}
  const parent = app();
  const plain = new Chart(parent, 'plain');
  const chart = new MlflowChart(parent, 'mlflow', PROPS);
  const mine = new Mine(parent, 'mine', { ...PROPS, name: 'mine' });

  test.each([
    ['a chart of cdk8s', plain, [Chart]],
    ['an MlflowChart', chart, [Chart, MlflowChart]],
    ['one of a subclass', mine, [Chart, MlflowChart, Mine]],
    ['the chart of an object', chart.service.chart, [Chart, MlflowChart]],
    ['no chart', new ApiObject(plain, 'a', { apiVersion: 'v1', kind: 'ConfigMap' }), []],
    ['nothing', undefined, []],
  ])('is true for the classes of %s alone', (_, value: unknown, classes) => {
    expect([Chart, MlflowChart, Mine, Other].filter((each) => value instanceof each)).toEqual(classes);
  });

  test('chooses the charts that writeCharts takes', () => {
    const chosen = parent.charts.filter((each) => each instanceof MlflowChart);
    const typed: readonly MlflowChart[] = chosen;
    expect(typed.map(({ node }) => node.id)).toEqual(['mlflow', 'mine']);
  });
});

test.each([
  ['a chart of cdk8s', () => new Chart(app(), 'plain')],
  ['an app', () => app()],
  ['nothing', () => undefined],
])('compose and writeCharts say what is no MlflowChart: %s', (_, other) => {
  const given = other() as MlflowChart;
  const chart = new MlflowChart(app(), 'mlflow', PROPS);
  const out = temporaryFolder();
  const said = 'is not an MlflowChart (pass what new MlflowChart or MlflowChart.fromFile returns)';
  expect(() => writeCharts(out, [chart, given])).toThrow(new InputError([`charts[1]: ${said}`]));
  expect(() => compose(given)).toThrow(new InputError([`chart: ${said}`]));
});
