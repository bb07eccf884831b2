import { ApiObject, type Chart } from 'cdk8s';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { compose, MlflowChart, writeCharts } from '../../../lib';
import type { Manifest } from '../../../lib/synth/manifest';
import { early, inFiles } from '../../support/apply-order';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { SMALLEST, temporaryFolder } from '../../support/support';
import { app, QUIET } from './chart-setting';

/**
 * What kubectl applies in the order of the output: nothing comes before the Namespace that it is in, or before the
 * definition of its kind.
 */

const CLIENTS = 'jupyterhub';
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Widget', plural: 'widgets' },
    scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const OWN: readonly { apiVersion: string; kind: string; metadata: { name: string } }[] = [
  namespace('mlflow'),
  namespace(CLIENTS),
  DEFINITION,
  { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'own' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } },
];

const props = {
  ...SMALLEST,
  ...QUIET,
  programs: SHORT_PROGRAMS,
  clients: [{ namespace: CLIENTS }],
};

type Route = 'construct' | 'nested' | 'plain';

/** A chart with objects of its own, each added in one of the ways. */
function chartWith(own: readonly (readonly [(typeof OWN)[number], Route])[], parent = app()) {
  const objects = own.flatMap(([object, route]) => (route === 'plain' ? object : []));
  const create = !own.some(([object]) => object.metadata.name === 'mlflow');
  const chart = new MlflowChart(parent, 'mlflow', { ...props, objects, namespace: { create } });
  const scopes: Record<string, (id: string) => Construct | Chart> = {
    construct: () => chart,
    nested: (id) => new Construct(chart, `in-${id}`),
  };
  const added = own.flatMap(([object, route], index) => {
    const scope = scopes[route]?.(String(index));
    return scope ? new ApiObject(scope, `own-${index}`, object) : [];
  });
  return { chart, added };
}

const orders = fc
  .shuffledSubarray([...OWN])
  .chain((own) =>
    fc.tuple(
      ...own.map((object) => fc.tuple(fc.constant(object), fc.constantFrom<Route>('construct', 'nested', 'plain'))),
    ),
  );

test('no object comes before the Namespace that it is in, or the definition of its kind', () => {
  fc.assert(
    fc.property(orders, (own) => {
      const { chart } = chartWith(own);
      const objects = chart.toJson();
      expect(early(objects)).toEqual([]);
      const folder = temporaryFolder();
      writeCharts(folder, [chart]);
      const written = inFiles(folder);
      expect(early(written)).toEqual([]);
      expect(written).toHaveLength(objects.length);
    }),
    { numRuns: 20 },
  );
});

test('what a Namespace of the user depends on stays before it, and the order of everything else stays', () => {
  const own = [OWN[4], OWN[2], OWN[1]].flatMap((object) => (object ? [[object, 'construct'] as const] : []));
  const kinds = (objects: readonly Manifest[]) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const before = chartWith(own.slice(0, 1)).chart.toJson();
  const { chart, added } = chartWith(own);
  const [configMap, definition, clients] = added;
  if (!configMap || !definition || !clients) throw new Error('not added');
  clients.addDependency(definition);
  chart.service.addDependency(configMap);
  const after = kinds(chart.toJson());
  expect(after.slice(0, 3)).toEqual([
    'Namespace mlflow',
    'CustomResourceDefinition widgets.example.com',
    `Namespace ${CLIENTS}`,
  ]);
  expect(after.indexOf('ConfigMap own')).toBeLessThan(after.indexOf('Service mlflow'));
  const others = (list: readonly string[]) =>
    list.filter((each) => !['ConfigMap own', ...after.slice(0, 3)].includes(each));
  expect(others(after)).toEqual(others(kinds(before)));
  // A dependency that the user states wins, even over this.
  clients.addDependency(configMap);
  const folder = temporaryFolder();
  writeCharts(folder, [chart]);
  for (const objects of [chart.toJson(), compose(chart).files.flatMap((file) => file.objects), inFiles(folder)]) {
    const last = kinds(objects);
    expect(last.indexOf('ConfigMap own')).toBeLessThan(last.indexOf(`Namespace ${CLIENTS}`));
    expect(early(objects)).toEqual([]);
  }
});

test('what a Namespace of the user depends on comes before it in every output, also if it is added later', () => {
  const own = [OWN[1], OWN[4], OWN[0]].flatMap((object) => (object ? [[object, 'construct'] as const] : []));
  const { chart, added } = chartWith(own);
  const [clients, configMap, instance] = added;
  if (!clients || !configMap || !instance) throw new Error('not added');
  clients.addDependency(configMap);
  configMap.addDependency(instance);
  const folder = temporaryFolder();
  writeCharts(folder, [chart]);
  for (const objects of [chart.toJson(), compose(chart).files.flatMap((file) => file.objects), inFiles(folder)]) {
    const order = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(order.slice(0, 3)).toEqual(['Namespace mlflow', 'ConfigMap own', `Namespace ${CLIENTS}`]);
  }
});
