import { ApiObject, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import { KubeConfigMap, KubeIngress, KubeNamespace, Quantity } from 'cdk8s-plus-28/lib/imports/k8s';
import { Construct } from 'constructs';
import { MlflowChart } from '../../../lib';
import { contentsOf, objectsOf, SMALLEST } from '../../support/support';
import { app, chartOf, message, QUIET } from './chart-setting';

/** A chart in an app of your own: the objects, what is added to it, and the rules at `app.synth()`. */

/** An Ingress to the Service of a chart. */
const ingressTo = (chart: MlflowChart, name = 'mlflow', scope: Construct = chart, port: number = chart.servicePort) =>
  new KubeIngress(scope, 'ingress', {
    metadata: { name: 'own' },
    spec: {
      rules: [
        {
          host: 'mlflow.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: port } } } }],
          },
        },
      ],
    },
  });

test('has the objects of the command, from the same keys', () => {
  const sorted = (objects: unknown[]) => objects.map((each) => JSON.stringify(each)).sort();
  expect(sorted(chartOf().toJson())).toEqual(sorted(objectsOf(SMALLEST)));
});

test('is one file of the app, named after its id', () => {
  const parent = app();
  chartOf({}, parent);
  parent.synth();
  expect(Object.keys(contentsOf(parent.outdir))).toEqual(['mlflow.k8s.yaml']);
});

describe('objects of the user', () => {
  const hosts = { server: { allowedHosts: ['mlflow.example.com'] } };

  test('are in the namespace of the instance, and have the labels and annotations of every object', () => {
    const chart = chartOf({ ...hosts, labels: { team: 'ml' }, annotations: { owner: 'ml' } });
    ingressTo(chart);
    const ingress = chart.toJson().find(({ kind }) => kind === 'Ingress');
    expect(ingress).toMatchObject({
      metadata: { name: 'own', namespace: 'mlflow', labels: { team: 'ml' }, annotations: { owner: 'ml' } },
    });
  });

  test('of no namespace get none', () => {
    const chart = chartOf({ namespace: { create: false } });
    new KubeNamespace(chart, 'namespace', { metadata: { name: 'mlflow' } });
    const [namespace] = chart.toJson().filter(({ kind }) => kind === 'Namespace');
    expect(namespace).toMatchObject({ metadata: { name: 'mlflow' } });
    expect(JSON.stringify(namespace)).not.toContain('"namespace"');
  });

  test.each([
    [
      'a Service that does not exist',
      (chart: MlflowChart) => ingressTo(chart, 'mlfow'),
      /^\[mlflow\] ingress: .*mlfow/,
    ],
    [
      'a field that does not exist',
      (chart: MlflowChart) =>
        new ApiObject(chart, 'own', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'own' },
          dta: {},
        } as never),
      /^\[mlflow\] own\.dta: /,
    ],
    [
      'an object of the chart itself',
      (chart: MlflowChart) => new KubeConfigMap(chart, 'own', { metadata: { name: 'mlflow-programs-prepare' } }),
      /^\[mlflow\] own\.metadata\.name: is ConfigMap mlflow\/mlflow-programs-prepare, an object of the environment itself/,
    ],
    [
      'a port that the Service has under another number or name',
      (chart: MlflowChart) => ingressTo(chart, 'mlflow', chart, 80),
      /^\[mlflow\] ingress: .*port 80 of Service mlflow, which it does not have \(use 5000 or http\)/,
    ],
    [
      'the Namespace that the environment creates',
      (chart: MlflowChart) => new KubeNamespace(chart, 'own', { metadata: { name: 'mlflow' } }),
      /^\[mlflow\] own\.metadata\.name: is Namespace mlflow, .*or set namespace\.create: false\)/,
    ],
    [
      'a patch that does not apply',
      (chart: MlflowChart) => {
        const own = new KubeConfigMap(chart, 'own', { metadata: { name: 'own' } });
        own.addJsonPatch(JsonPatch.remove('/data/a/b'));
      },
      /^\[mlflow\] own: cannot be rendered: /,
    ],
    [
      'a construct inside another',
      (chart: MlflowChart) => ingressTo(chart, 'other', new Construct(chart, 'web')),
      /^\[mlflow\] web\.ingress: .*other/,
    ],
  ])('with %s fail the synth', (_, add, said) => {
    const parent = app();
    add(chartOf(hosts, parent));
    const lines = message(() => parent.synth())
      .split('\n')
      .map((line) => line.trim());
    expect(lines[0]).toBe('Validation failed with the following errors:');
    expect(lines.slice(1)).toEqual([expect.stringMatching(said)]);
    expect(contentsOf(parent.outdir)).toEqual({});
  });

  test('as plain data are in the output, too', () => {
    const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' }, data: { b: '1', a: '2' } };
    expect(chartOf({ objects: [manifest] }).toJson()).toContainEqual({
      ...manifest,
      metadata: { name: 'own', namespace: 'mlflow' },
    });
    expect(message(() => chartOf({ objects: [{ ...manifest, kind: 'ConfigMpa' }] }).toJson())).toMatch(
      /\[mlflow\] objects\[0\]\.kind: is not a kind of v1 \(did you mean ConfigMap\?\)/,
    );
  });
});

describe('patches', () => {
  const memory = '/spec/template/spec/containers/0/resources/limits/memory';
  const of = (chart: MlflowChart) => chart.toJson().find(({ kind }) => kind === 'Deployment');

  test.each([
    ['a text', JsonPatch.replace(memory, '3Gi')],
    ['a quantity', JsonPatch.replace(memory, Quantity.fromString('3Gi'))],
  ])('replace a quantity by %s', (_, patch) => {
    const chart = chartOf();
    chart.server.deployment.addJsonPatch(patch);
    expect(of(chart)).toMatchObject({
      spec: { template: { spec: { containers: [{ resources: { limits: { memory: '3Gi' } } }] } } },
    });
  });

  test('by key and in TypeScript come one after the other', () => {
    const path = '/metadata/annotations';
    const patches = [
      { kind: 'Deployment', name: 'mlflow', operations: [{ op: 'add' as const, path, value: { a: '1' } }] },
    ];
    const chart = chartOf({ patches });
    chart.server.deployment.addJsonPatch(
      JsonPatch.copy(`${path}/a`, `${path}/b`),
      JsonPatch.move(`${path}/a`, `${path}/c`),
    );
    expect(of(chart)).toMatchObject({ metadata: { annotations: { b: '1', c: '1' } } });
  });

  test.each([
    [
      'does not apply',
      JsonPatch.replace('/spec/nothing/here', 1),
      /^\[mlflow\] addJsonPatch\[0\]\.operations\[0\]: cannot be applied to Deployment mlflow/,
    ],
    [
      'breaks a selector',
      JsonPatch.replace('/spec/template/metadata/labels/app.kubernetes.io~1name', 'x'),
      /^\[mlflow\] addJsonPatch\[0\]: /,
    ],
    [
      'adds no field of the kind',
      JsonPatch.add('/spec/replica', 2),
      /^\[mlflow\] addJsonPatch\[0\].*: Deployment mlflow\/mlflow spec\.replica/,
    ],
  ])('of which one %s fail the synth', (_, patch, said) => {
    const parent = app();
    chartOf({}, parent).server.deployment.addJsonPatch(patch);
    const lines = message(() => parent.synth())
      .split('\n')
      .map((line) => line.trim());
    expect(lines.slice(1).join('\n')).toMatch(said);
  });

  test('that are added after a failed synth are seen', () => {
    const parent = app();
    const chart = chartOf({}, parent);
    const { deployment } = chart.server;
    parent.synth();
    deployment.addJsonPatch(JsonPatch.add('/spec/replica', 2));
    expect(message(() => parent.synth())).toContain('spec.replica');
    deployment.addJsonPatch(JsonPatch.remove('/spec/replica'));
    expect(message(() => parent.synth())).toBe('');
  });
});

test('is the same however an app divides its output', () => {
  const outputs = [
    YamlOutputType.FILE_PER_APP,
    YamlOutputType.FILE_PER_CHART,
    YamlOutputType.FILE_PER_RESOURCE,
    YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  ].map((yamlOutputType) => {
    const parent = app({ yamlOutputType });
    const chart = chartOf({ labels: { team: 'ml' } }, parent);
    new KubeConfigMap(chart, 'own', { metadata: { name: 'own' } });
    parent.synth();
    const files = Object.values(contentsOf(parent.outdir)).map(String);
    return files
      .flatMap((text) => text.split(/^---\n/m))
      .map((text) => text.trim())
      .sort();
  });
  for (const output of outputs) expect(output).toEqual(outputs[0]);
  expect(outputs[0]?.join()).toContain('name: own');
});

test('the rules of many charts are checked once each, and their objects rendered once', () => {
  const parent = app();
  const count = 12;
  let inspected = 0;
  const spy = jest.spyOn(MlflowChart.prototype, '_inspect').mockImplementation(function (this: MlflowChart) {
    inspected += 1;
    return { files: [], issues: [], warnings: [] };
  });
  for (let index = 0; index < count; index += 1) {
    const name = `mlflow-${index}`;
    new MlflowChart(parent, name, { ...SMALLEST, ...QUIET, name, namespace: { name } });
    new Chart(parent, `other-${index}`);
  }
  const rendering = jest.spyOn(ApiObject.prototype, 'toJson');
  parent.synth();
  const rendered = rendering.mock.calls.length;
  rendering.mockRestore();
  spy.mockRestore();
  expect(inspected).toBe(count);
  const objects = parent.node.findAll().filter(ApiObject.isApiObject).length;
  expect(rendered).toBe(objects);
});
