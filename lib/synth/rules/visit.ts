/** Whether a value of a tree matches, with the keys that lead to it. */
export type Match = (value: unknown, keys: readonly string[]) => boolean;

/** Called for a value of a tree with the keys that lead to it; false skips what is inside. */
export type Look = (value: unknown, keys: readonly string[]) => boolean;

/**
 * Visits every value of an object, outermost first. All calls share one list of keys: rules visit whole outputs at
 * every synth, and creating a path for each value would take longer than everything else.
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
export function keyPathsIn(object: object, found: Match, into: Match = () => true): string[] {
  const paths: string[] = [];
  visit(object, (value, keys) => {
    if (found(value, keys)) paths.push(keys.join('.'));
    return into(value, keys);
  });
  return paths;
}
