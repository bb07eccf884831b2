import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { compose, EnvironmentError, InputError, type MlflowChart } from '../../../lib';
import { chartOf } from './chart-setting';

/** Objects of the prop `objects`, and patches of single objects. */

const configMap = (more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'own', labels: { mine: 'a' } },
  data: { a: 'b' },
  ...more,
});

const find = (chart: MlflowChart, apiVersion: string, kind: string, name: string) =>
  chart.toJson().find((each) => each.apiVersion === apiVersion && each.kind === kind && each.metadata.name === name);

test('objects are those that the constructor was given, whatever becomes of them', () => {
  const given = { metadata: { name: 'own' }, data: { a: 'b' } };
  const objects = [configMap(given)];
  const chart = chartOf({ objects });
  const before = JSON.stringify(chart.toJson());
  given.metadata.name = 'Bad Name';
  given.data.a = 'c';
  objects.pop();
  expect(JSON.stringify(chart.toJson()) === before).toBe(true);
  expect(JSON.stringify(compose(chart).files)).not.toContain('Bad Name');
});

test('labels and annotations that are added to every object reach those of the prop objects', () => {
  const chart = chartOf({ labels: { team: 'ml' }, objects: [configMap()] });
  for (const object of chart.node.findAll().filter(ApiObject.isApiObject)) {
    object.metadata.addLabel('added', 'x');
    object.metadata.addAnnotation('note', 'y');
  }
  const expected = { labels: { mine: 'a', team: 'ml', added: 'x' }, annotations: { note: 'y' } };
  expect(find(chart, 'v1', 'ConfigMap', 'own')).toMatchObject({ metadata: expected, data: { a: 'b' } });
  const composed = compose(chart).files.flatMap(({ objects }) => objects);
  expect(composed.filter(({ metadata }) => metadata.labels?.added !== 'x')).toEqual([]);
  expect(composed.find(({ metadata }) => metadata.name === 'own')).toMatchObject({ metadata: expected });
});

test.each([
  ['an integer beyond those of JSON', { data: { a: 5n } }],
  ['itself', ((self: Record<string, unknown>) => Object.assign(self, { data: self }))({})],
  ['a function', { data: { a: () => 1 } }],
])('an object that contains %s is an issue of the constructor', (_, more) => {
  const act = () => chartOf({ objects: [configMap(), configMap(more)] });
  expect(act).toThrow(EnvironmentError);
  expect(act).toThrow(/^\[mlflow\] objects\[1\]: cannot be written as JSON: .*\(.*\)$/);
});

test('a construct that JSON cannot hold is an issue with its path', () => {
  const chart = chartOf();
  new ApiObject(chart, 'own', configMap({ data: { a: 5n } }) as never);
  const act = () => compose(chart);
  expect(act).toThrow(InputError);
  expect(act).toThrow(/^\[mlflow\] own: cannot be rendered: .*BigInt/);
});

describe('a patch of one object', () => {
  const knative = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'mlflow' }, spec: {} };
  const foreign = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'mlflow', namespace: 'other' },
    spec: { selector: { a: 'b' }, ports: [{ port: 80 }] },
  };

  test.each([
    ['group', knative],
    ['namespace', foreign],
  ])('leaves one of the same name in another %s as it is', (_, other) => {
    const chart = chartOf({ objects: [other] });
    chart.service.addJsonPatch(JsonPatch.add('/spec/sessionAffinity', 'None'));
    for (const objects of [
      chart.node
        .findAll()
        .filter(ApiObject.isApiObject)
        .map((each) => each.toJson()),
      chart._inspect().files.flatMap((file) => file.objects),
    ]) {
      const patched = objects.filter(({ spec }) => spec?.sessionAffinity === 'None');
      expect(patched.map(({ apiVersion, metadata }) => [apiVersion, metadata.namespace])).toEqual([['v1', 'mlflow']]);
    }
  });
});

test.each([
  ['of cdk8s', (chart: MlflowChart) => new Chart(chart, 'inner')],
  ['deeper inside', (chart: MlflowChart) => new Chart(new Construct(chart, 'deep'), 'inner')],
])('a chart inside a chart, whose objects no rule sees, is an issue: %s', (_, add) => {
  const chart = chartOf();
  const inner = add(chart);
  expect(compose(chart).warnings).toEqual([]);
  new ApiObject(inner, 'own', { apiVersion: 'v1', kind: 'ConfigMap' });
  const path = inner.node.path.replace('mlflow/', '').replaceAll('/', '.');
  const said = `[mlflow] ${path}: is a chart inside this one, whose objects are not checked with it (create it in the app)`;
  expect(() => compose(chart)).toThrow(new InputError([said]));
});
