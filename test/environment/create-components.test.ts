import type { EnvironmentInput } from '../../lib/environment/model';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SHORT_PROGRAMS as PROGRAMS } from '../support/fixtures';
import { all, isRecord, objectsOf, podsOf, SMALLEST, walk } from '../support/support';

test('two instances in one namespace share no object, no pod and no Secret', () => {
  for (const input of [SMALLEST, OWN_STORES]) {
    const [a, b] = ['a', 'b'].map((name) => objectsOf({ ...input, name, namespace: { create: false } }, PROGRAMS));
    const names = (objects = a ?? []) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names().filter((name) => names(b).includes(name))).toEqual([]);
    const secrets = (objects = a ?? []) =>
      walk(objects).flatMap(({ path, value }) =>
        path.endsWith('/secretKeyRef') && isRecord(value) ? [String(value.name)] : [],
      );
    expect(secrets().length).toBeGreaterThan(5);
    expect(secrets().filter((name) => secrets(b).includes(name))).toEqual([]);
    for (const { spec } of all(a ?? [], 'Service')) {
      for (const { labels } of podsOf(b ?? [])) {
        expect(Object.entries(spec?.selector ?? {}).every(([key, value]) => labels[key] === value)).toBe(false);
      }
    }
  }
});

test('a namespace that is managed elsewhere is not in the output, and everything else is', () => {
  const objects = objectsOf({ ...SMALLEST, namespace: { name: 'ml', create: false } }, PROGRAMS);
  expect(all(objects, 'Namespace')).toEqual([]);
  expect(objects.every(({ metadata }) => metadata.namespace === 'ml')).toBe(true);
});

describe('where the environment wants its pods', () => {
  const wanted = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' as const }],
    priorityClassName: 'high',
  };
  const places = (input: EnvironmentInput) =>
    podsOf(objectsOf({ ...OWN_STORES, ...input }, PROGRAMS)).map(({ owner, spec }) => {
      const { nodeSelector, tolerations, priorityClassName } = spec;
      return [owner.kind, { nodeSelector, tolerations, priorityClassName }];
    });
  const kinds = ['Deployment', 'StatefulSet', 'StatefulSet', 'Job', 'Job', 'Job'];

  test.each(Object.entries(wanted))('each pod has it, those of Jobs and stores too: %s', (key, value) => {
    expect(places({ server: { [key]: value } })).toEqual(kinds.map((kind) => [kind, { [key]: value }]));
  });

  test('none is bound to a node by default', () => {
    expect(places({})).toEqual(kinds.map((kind) => [kind, {}]));
  });
});
