import type { EnvironmentInput } from '../../lib/environment/model';
import { EVERY_POD } from '../support/embedded-fixtures';
import { blocksOf, inlineCodeOf, PAGES } from '../support/pages';
import { isRecord, objectsOf } from '../support/support';

/** What commands of kubectl on the pages name is in the output: objects, parts of the instance, and containers. */

const ENVIRONMENTS: readonly EnvironmentInput[] = [
  { ...EVERY_POD, clients: [{ namespace: 'argo' }] },
  {
    database: { host: 'postgres', maxConnections: 200 },
    artifacts: { s3: { bucket: 'models' } },
    server: { autoscaling: { maxReplicas: 3 } },
    ingress: { host: 'mlflow.example.com', controller: 'traefik', tls: { secret: 'mlflow-tls' } },
    monitoring: { metrics: {} },
    auth: { users: [{ name: 'notebooks', permission: 'EDIT' }] },
  },
];

const objects = ENVIRONMENTS.flatMap((environment) => objectsOf(environment));

/** Values of a key, wherever it is. */
function valuesOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(each, key));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [...(name === key ? [inner] : []), ...valuesOf(inner, key)]);
}

const containers = new Set(
  ['containers', 'initContainers']
    .flatMap((key) => valuesOf(objects, key))
    .flat()
    .map((container) => (isRecord(container) ? container.name : undefined)),
);
const components = new Set(valuesOf(objects, 'app.kubernetes.io/component'));
const names = new Set([
  ...objects.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`),
  // Secrets and pods are not in the output: names that settings and workloads give them.
  ...valuesOf(objects, 'secretName').map((name) => `secret/${name}`),
  ...valuesOf(objects, 'secretKeyRef').map((each) => `secret/${isRecord(each) ? each.name : ''}`),
]);

const commands = PAGES.flatMap((page) =>
  [...blocksOf(page).map(({ text }) => text.replace(/\\\n/g, ' ')), ...inlineCodeOf(page)]
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.includes('kubectl '))
    .map((line) => [page, line] as const),
);

/** Every match of a pattern in the commands, with its page. */
const matches = (pattern: RegExp) =>
  commands.flatMap(([page, line]) => [...line.matchAll(pattern)].map(([, found = '']) => ({ page, found })));

test('pages have many commands', () => {
  expect(commands.length).toBeGreaterThan(150);
});

test('every container that a command names exists', () => {
  const found = matches(/ (?:-c |--containers?=)([a-z-]+)/g);
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(({ found: name }) => !containers.has(name))).toEqual([]);
});

test('every part of the instance that a command selects exists', () => {
  const found = matches(/app\.kubernetes\.io\/component=([a-z-]+)/g);
  expect(found.length).toBeGreaterThan(8);
  expect(found.filter(({ found: name }) => !components.has(name))).toEqual([]);
});

test('every object of the instance that a command names exists', () => {
  const found = matches(/\b((?:deployment|statefulset|cronjob|service|networkpolicy|ingress|hpa)[ /]mlflow[a-z-]*)\b/g);
  expect(found.length).toBeGreaterThan(30);
  const kinds: Readonly<Record<string, string>> = { hpa: 'horizontalpodautoscaler' };
  const nameOf = (text: string) => {
    const [kind = '', name = ''] = text.split(/[ /]/);
    return `${kinds[kind] ?? kind}/${name}`;
  };
  expect(found.filter(({ found: text }) => !names.has(nameOf(text)))).toEqual([]);
});

test('every Secret of the instance that a command reads is one that its pods read', () => {
  const found = matches(/(?:get|describe|delete|patch) secret (mlflow[a-z0-9-]*)/g);
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ found: name }) => !names.has(`secret/${name}`))).toEqual([]);
});
