/** Whether a value of a tree matches, with the keys that lead to it. */
export type Match = (value: unknown, keys: readonly string[]) => boolean;

/** What is done at a value of a tree, with the keys that lead to it; false keeps from going into it. */
export type Look = (value: unknown, keys: readonly string[]) => boolean;

/**
 * Looks at every value below an object, from above. The keys are one list that changes on the way: rules visit whole
 * outputs at every synth, and making a path for each value takes longer than all else that they do.
 */
export function visit(value: object, look: Look, keys: string[] = []): void {
  for (const key of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    keys.push(key);
    if (look(inner, keys) && typeof inner === 'object' && inner !== null) visit(inner, look, keys);
    keys.pop();
  }
}

/** The key path of every match within an object, as `spec.ports.0.name`. */
export function placesIn(object: object, found: Match, into: Match = () => true): string[] {
  const places: string[] = [];
  visit(object, (value, keys) => {
    if (found(value, keys)) places.push(keys.join('.'));
    return into(value, keys);
  });
  return places;
}
