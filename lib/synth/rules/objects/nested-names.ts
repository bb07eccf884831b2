import { describeGrammar, matches } from '../../../kubernetes/grammar';
import { DATA_KEY, DNS_LABEL, PORT_NAME, VARIABLE_NAME } from '../../../kubernetes/names';
import type { Manifest } from '../../manifest';
import type { Rule, Violation } from '../rule';
import { type CreatedPod, podsOf } from '../workloads';

/** The grammar of each kind of names within an object. */
const GRAMMARS = {
  container: DNS_LABEL,
  volume: DNS_LABEL,
  port: PORT_NAME,
  'Service port': DNS_LABEL,
  variable: VARIABLE_NAME,
  key: DATA_KEY,
} as const;

interface Named {
  readonly name?: string;
}

const isNamed = ({ name }: Named) => name !== undefined;

/** Names within an object that the API server accepts. */
export const validInnerNames: Rule = {
  name: 'valid-inner-names',
  reason: 'the API server refuses an object with an invalid name in it, leaving the set partially applied',
  patched: 'issue',
  check: (objects) => [...podsOf(objects).flatMap(podNames), ...objects.flatMap(objectNames)],
};

function podNames({ object, spec, containers }: CreatedPod): Violation[] {
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
    // A single port needs no name.
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

function badNames(object: Manifest, kind: keyof typeof GRAMMARS, named: readonly Named[]): Violation[] {
  const grammar = GRAMMARS[kind];
  return named
    .filter(({ name = '' }) => !matches(grammar, name))
    .map(({ name = '' }) => ({
      object,
      message: `has a ${kind} called ${JSON.stringify(name)} (use ${describeGrammar(grammar)})`,
    }));
}
