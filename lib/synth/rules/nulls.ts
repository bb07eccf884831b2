/** A value as the API server reads it, for which a null is an absent field. Only a patch can bring one about. */
export function withoutNulls<T>(value: T): T {
  // An item of a list that is null is an issue of the schema.
  if (value === null || !hasNull(value)) return value;
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  const entries = Object.entries(value as object).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)])) as T;
}

const hasNull = (value: unknown): boolean =>
  typeof value === 'object' &&
  (value === null || Object.values(value).some((inner) => inner === null || hasNull(inner)));
