import type { Manifest } from '../../../../lib/synth/manifest';
import { altered, type Change, cloned, type Loose, type OUTPUTS, type Places } from '../sets';

/**
 * Ways to spoil a real output, and the rules that must see each of them, and no other rule. Each is done at every place
 * where it can be done, or at two of them in the small sample, one at a time.
 */

/** One of them. */
export interface Mutation {
  readonly name: string;
  /** The rules that see it. */
  readonly seen: readonly string[];
  /** Of which output. */
  readonly of: keyof typeof OUTPUTS;
  /** The output with the mutation, once for each place. */
  spoil(objects: readonly Manifest[]): Iterable<Manifest[]>;
}

/** The output that is spoilt, when it is not the one with everything, and further rules that see it. */
export type Options = Partial<Pick<Mutation, 'of'>> & { readonly also?: readonly string[] };

/** A mutation of one rule at some places. */
export function mutation<T>(
  rule: string,
  name: string,
  places: Places<T>,
  change: Change<T>,
  { of = 'everything', also = [] }: Options = {},
): Mutation {
  return { name, seen: [rule, ...also], of, spoil: (all) => altered(all, places, change) };
}

/** A mutation of the list of objects: what is added to it, or taken away. */
export function another(
  rule: string,
  name: string,
  change: (all: Manifest[]) => Manifest[],
  options: Options = {},
): Mutation {
  const { of = 'everything', also = [] } = options;
  return { name, seen: [rule, ...also], of, spoil: (all) => [change(cloned(all))] };
}

/** For the output of one pod on a volume of one node. */
export const onAlone: Options = { of: 'alone' };
/** The key of a recommended label. */
export const label = (name: string) => `app.kubernetes.io/${name}`;
/** The first object of a kind. */
export const first = (kind: string) => (all: Manifest[]) => {
  const object = all.find((candidate) => candidate.kind === kind);
  if (!object) throw new Error(`no ${kind}`);
  return object;
};
/** Adds a copy of it, changed. */
export const copyOf = (kind: string, change: Change<Loose>) => (all: Manifest[]) => {
  const copy = cloned([first(kind)(all)]);
  for (const object of copy) change(object as unknown as Loose);
  return [...all, ...copy];
};
/** Gives an object another name. */
export const rename = (name: string) => (object: Loose) => {
  object.metadata.name = name;
};
