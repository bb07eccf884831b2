import { locatedPatches } from '../../../lib/components/shared/contributions/patches';
import type { PatchOperationInput } from '../../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { composeEnvironment } from '../../../lib/synth/compose';
import { identity, type Manifest } from '../../../lib/synth/manifest';
import { checkRules, RULES } from '../../../lib/synth/rules';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { LARGE_SAMPLE } from '../../support/sample-size';
import { sealedOf } from '../../support/sealed-secrets';
import { resolution, SMALLEST } from '../../support/support';
import { MUTATIONS } from './mutations';
import { asFiles, OUTPUTS, rulesOf, violated } from './sets';

/** The rules over real output: nothing breaks one, and each kind of damage is seen, by the rule that is meant to. */

test.each(Object.entries(OUTPUTS))('real output breaks no rule: %s', (_, { objects, environment }) => {
  expect(violated(objects, environment)).toEqual([]);
});

test('every rule sees some damage to real output', () => {
  const seen = new Set(MUTATIONS.flatMap((mutation) => mutation.seen));
  expect(RULES.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
});

test('every rule has a name of its own, and says what goes wrong', () => {
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
  for (const { name, reason } of RULES) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(reason).toMatch(/^\S.{20,}[^.]$/);
  }
});

test('only an object with pods is told of server.env when it is too large', () => {
  const { objects, environment } = OUTPUTS.everything;
  const large = objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { a: 'x'.repeat(140_000) } },
  }));
  const told = checkRules(asFiles(large), environment).filter(({ message }) => message.includes('server.env'));
  const kinds = new Set(told.map(({ message }) => message.split(' ')[0]));
  expect([...kinds].sort()).toEqual(['CronJob', 'Deployment', 'Job', 'StatefulSet']);
});

/** What a patch that spoils objects so would name; nothing when no patch can do it. */
function patchesFor(objects: readonly Manifest[], spoilt: readonly Manifest[]) {
  if (objects.map(identity).join() !== spoilt.map(identity).join()) return [];
  return spoilt
    .filter((object, index) => JSON.stringify(object) !== JSON.stringify(objects[index]))
    .map(({ kind, metadata: { name } }) => ({ kind, name, operations: [] }));
}

const titled = MUTATIONS.map((mutation) => [`${mutation.seen.join(' and ')}: ${mutation.name}`, mutation] as const);
const issues = new Set(RULES.filter(({ patched }) => patched === 'issue').map(({ name }) => name));

const places = LARGE_SAMPLE ? 'at every place' : 'at one place';

describe(`damage ${places} is seen by exactly the rules that are meant to see it`, () => {
  test.each(titled)('%s', (_, { seen, of, spoil }) => {
    const { objects, environment } = OUTPUTS[of];
    const outcomes = [...spoil(objects)].map((spoilt) => checkRules(asFiles(spoilt), environment));
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.map((found) => rulesOf(found).sort())).toEqual(outcomes.map(() => [...seen].sort()));
    // The object, what is wrong, and what would be right.
    for (const { message } of outcomes.flat()) expect(message).toMatch(/^[A-Z]\w+ \S+ [a-z.].* \(.+\) \[rule /);
  });
});

describe('damage by a patch is an issue at the place of the patch, or it is meant', () => {
  const byPatch = titled.flatMap(([title, { seen, of, spoil }]) => {
    const [spoilt = []] = spoil(OUTPUTS[of].objects);
    const patches = locatedPatches(patchesFor(OUTPUTS[of].objects, spoilt));
    const [environment, unpatched] = [{ ...OUTPUTS[of].environment, patches }, asFiles(OUTPUTS[of].objects)];
    return patches.length > 0 ? [{ title, seen, spoilt, environment, unpatched }] : [];
  });

  test.each(byPatch)('$title', ({ seen, spoilt, environment, unpatched }) => {
    const found = checkRules(asFiles(spoilt), environment, { unpatched });
    expect(rulesOf(found).sort()).toEqual(seen.filter((rule) => issues.has(rule)).sort());
    for (const { path } of found) expect(path).toEqual(['patches', 0]);
  });

  test('for every rule that a patch may break on purpose', () => {
    const reached = new Set(byPatch.flatMap(({ seen }) => seen));
    expect(RULES.map(({ name }) => name).filter((name) => !issues.has(name) && !reached.has(name))).toEqual([]);
  });
});

describe('a patch may do what Kubernetes takes', () => {
  const patched = (kind: string, operations: PatchOperationInput[]) => ({ kind, name: 'mlflow', operations }) as const;
  const add = (path: string, value: unknown) => ({ op: 'add', path, value }) as const;
  const pod = '/spec/template/spec';

  test.each<[string, EnvironmentInput]>([
    [
      'a proxy beside the server, by numbers of ports alone',
      {
        patches: [
          patched('Deployment', [
            add(`${pod}/containers/-`, {
              name: 'proxy',
              image: 'registry.example.com/proxy:1.2.3',
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              livenessProbe: { httpGet: { path: '/ping', port: 4180 } },
            }),
          ]),
          patched('Service', [{ op: 'replace', path: '/spec/ports/0/targetPort', value: 4180 }]),
        ],
      },
    ],
    [
      'an autoscaler beside a request that follows from the limit',
      {
        server: { autoscaling: { maxReplicas: 2 } },
        patches: [patched('Deployment', [{ op: 'remove', path: `${pod}/containers/0/resources/requests/cpu` }])],
      },
    ],
    [
      'a budget that lets nobody go unasked',
      {
        availability: { disruptionBudget: true },
        patches: [patched('PodDisruptionBudget', [{ op: 'replace', path: '/spec/maxUnavailable', value: 0 }])],
      },
    ],
    [
      'a volume of one node, and the old pod ends first',
      {
        storage: { data: { mountPath: '/data' } },
        patches: [
          patched('Deployment', [
            add('/spec/strategy', { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }),
          ]),
        ],
      },
    ],
    [
      'a key of an annotation in upper case',
      { patches: [patched('Service', [add('/metadata/annotations', { 'Example.com/Foo': 'x' })])] },
    ],
  ])('%s', (_, more) => {
    const { environment, issues } = resolution({ ...SMALLEST, ...more });
    expect(issues).toEqual([]);
    expect(environment && composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(environment)).issues).toEqual([]);
  });
});
