import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { type MadePod, podsOf } from './workloads';

const LABEL = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Kinds of names within an object: what one may be, and how to say it. */
const FORMS = {
  container: { form: LABEL, right: 'at most 63 lower case letters, digits and -' },
  volume: { form: LABEL, right: 'at most 63 lower case letters, digits and -' },
  port: {
    form: /^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    right: 'at most 15 lower case letters, digits and -, one letter among them',
  },
  'Service port': { form: LABEL, right: 'at most 63 lower case letters, digits and -' },
  variable: { form: /^[-._a-zA-Z][-._a-zA-Z0-9]*$/, right: 'letters, digits, -, _ and ., and no digit first' },
  key: { form: /^(?!\.\.)(?!\.$)[-._a-zA-Z0-9]{1,253}$/, right: 'at most 253 letters, digits, -, _ and .' },
} as const;

interface Named {
  readonly name?: string;
}

const isNamed = ({ name }: Named) => name !== undefined;

/** Names within an object that the API server takes. */
export const validInnerNames: Rule = {
  name: 'valid-inner-names',
  reason: 'the API server refuses an object with a bad name in it, and then half of the set is applied',
  patched: 'issue',
  check: (objects) => [...podsOf(objects).flatMap(podNames), ...objects.flatMap(objectNames)],
};

function podNames({ object, spec, containers }: MadePod): Violation[] {
  return [
    ...badNames(object, 'container', containers),
    ...badNames(object, 'volume', spec.volumes ?? []),
    ...containers.flatMap(({ env = [], ports = [] }) => [
      ...badNames(object, 'variable', env),
      ...badNames(object, 'port', ports.filter(isNamed)),
    ]),
  ];
}

function objectNames(object: Manifest): Violation[] {
  if (object.kind === 'Service') {
    const { ports = [] } = object.spec as { ports?: readonly Named[] };
    // A port that is the only one needs no name.
    return badNames(object, 'Service port', ports.length > 1 ? ports : ports.filter(isNamed));
  }
  if (object.kind !== 'ConfigMap' && object.kind !== 'Secret') return [];
  const keys = [object.data, object.stringData, object.binaryData].flatMap((map) => Object.keys(map ?? {}));
  return badNames(
    object,
    'key',
    keys.map((name) => ({ name })),
  );
}

function badNames(object: Manifest, kind: keyof typeof FORMS, named: readonly Named[]): Violation[] {
  const { form, right } = FORMS[kind];
  return named
    .filter(({ name }) => !form.test(name ?? ''))
    .map(({ name }) => ({ object, message: `has a ${kind} called ${JSON.stringify(name ?? '')} (${right})` }));
}
