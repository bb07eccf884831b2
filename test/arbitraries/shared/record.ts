import fc from 'fast-check';

export type Optional<T> = Exclude<T, undefined>;
export type Items<T> = Optional<T> extends readonly (infer Item)[] ? Item : never;

/** An arbitrary for every key of a type, so that a new key does not compile until it is generated. */
type Shape<T> = { readonly [K in keyof Required<T>]: fc.Arbitrary<Optional<T[K]>> };

/** Any of the keys of a section. Those that are `required` are always set. */
export const some = <T extends object>(shape: Shape<T>, ...required: (keyof T)[]): fc.Arbitrary<T> =>
  fc.record(shape, { requiredKeys: required, noNullPrototype: true }) as unknown as fc.Arbitrary<T>;

export const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { maxLength: 3, selector: (each) => JSON.stringify(each) });
export const pick = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** Any of some keys of a map. */
export const map = (keys: readonly string[], value: fc.Arbitrary<string>) =>
  fc.dictionary(pick(...keys), value, { maxKeys: 4, noNullPrototype: true });

/** Of two keys that exclude each other, one. */
export function oneOf<T extends object>(first: keyof T, second: keyof T, fallback: T): (given: T) => T {
  return (given) => {
    if (given[first] === undefined && given[second] === undefined) return { ...given, ...fallback };
    const { [second]: _, ...rest } = given;
    return given[first] === undefined ? given : (rest as T);
  };
}
