import type { Manifest } from '../manifest';
import type { Rule } from './rule';

const everyText = (rule: Omit<Rule, 'check'>, found: (text: string) => boolean, message: string): Rule => ({
  ...rule,
  check: (objects) =>
    objects.flatMap((object) =>
      texts(object)
        .filter(({ text }) => found(text))
        .map(({ path }) => ({ object, message: `${path} ${message}` })),
    ),
});

/** No dollar sign with an opening brace. */
export const noSubstitution = everyText(
  { name: 'no-substitution', reason: 'Flux replaces it, with nothing or with an error' },
  (text) => text.includes('${'),
  'holds a dollar sign before a brace (write it another way)',
);

/** No null and no empty map or list of the kind that the API server drops. */
export const nothingEmpty: Rule = {
  name: 'nothing-empty',
  reason: 'the API server drops nulls and empty maps, and a GitOps tool then sees a difference for ever',
  check: (objects, { patches }) =>
    // What a patch puts there is meant: an empty rule of a policy, say, which allows everything.
    objects
      .filter(({ kind, metadata }) => !patches.some((patch) => patch.kind === kind && patch.name === metadata.name))
      .flatMap((object) =>
        emptyPlaces(object, '').map((path) => ({ object, message: `${path} is empty (leave it out)` })),
      ),
};

/** Keys whose empty map says something, and is stored. */
const MEANT_EMPTY = new Set(['emptyDir', 'podSelector', 'namespaceSelector']);

function texts(value: unknown, path = ''): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    { path: `${path}.${key}`, text: key },
    ...texts(inner, `${path}.${key}`),
  ]);
}

function emptyPlaces(value: unknown | Manifest, path: string): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  const entries = Object.entries(value);
  if (entries.length === 0) return [path];
  return entries.flatMap(([key, inner]) => (MEANT_EMPTY.has(key) ? [] : emptyPlaces(inner, `${path}.${key}`)));
}
