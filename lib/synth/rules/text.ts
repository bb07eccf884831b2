import { lostCharacter } from '../../input/issue';
import type { Rule } from './rule';
import { type Match, placesIn } from './visit';

const SUBSTITUTED = '${';

/** A rule that finds places below objects, each with the same thing to say. */
const everyPlace = (rule: Omit<Rule, 'check'>, found: Match, message: string, into?: Match): Rule => ({
  ...rule,
  check: (objects) =>
    objects.flatMap((object) =>
      placesIn(object, found, into).map((place) => ({ object, message: `.${place} ${message}` })),
    ),
});

/** No dollar sign with an opening brace. */
export const noSubstitution = everyPlace(
  { name: 'no-substitution', reason: 'Flux replaces it, with nothing or with an error', patched: 'issue' },
  (value, keys) =>
    (typeof value === 'string' && value.includes(SUBSTITUTED)) || keys.at(-1)?.includes(SUBSTITUTED) === true,
  'holds a dollar sign before a brace (write it another way)',
);

/** No character that is lost on its way. */
export const noLostCharacters = everyPlace(
  {
    name: 'no-lost-characters',
    reason: 'a server-side apply, as Flux always makes, refuses it or drops it, and no program starts with a NUL',
    patched: 'issue',
  },
  (value) => typeof value === 'string' && lostCharacter(value) !== undefined,
  'holds a character that gets lost (remove it)',
);

/** Keys whose empty map says something, and is stored. */
const MEANT_EMPTY = new Set(['emptyDir', 'podSelector', 'namespaceSelector']);
const mayBeEmpty = (keys: readonly string[]) => MEANT_EMPTY.has(keys.at(-1) ?? '');

/** No null and no empty map or list of the kind that the API server drops. */
export const nothingEmpty = everyPlace(
  {
    name: 'nothing-empty',
    reason: 'the API server drops nulls and empty maps, and a GitOps tool then sees a difference for ever',
    // An empty rule of a policy, say, allows everything.
    patched: 'allowed',
  },
  (value, keys) => isEmpty(value) && !mayBeEmpty(keys),
  'is empty (leave it out)',
  (_, keys) => !mayBeEmpty(keys),
);

const isEmpty = (value: unknown) => typeof value === 'object' && (value === null || Object.keys(value).length === 0);
