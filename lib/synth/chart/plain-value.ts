/**
 * A value without the classes that cdk8s-plus has for numbers that may be texts: `Quantity.fromString('1Gi')` is `1Gi`.
 */
export function plainValue<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plainValue) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[key, inner] = []] = entries;
  if (value.constructor !== Object && entries.length === 1 && key === 'value') return inner;
  return Object.fromEntries(entries.map(([name, each]) => [name, plainValue(each)])) as T;
}
