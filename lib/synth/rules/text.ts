import { lostCharacter } from '../../environment/fault';
import type { Rule } from './rule';
import { placesIn } from './visit';

const SUBSTITUTED = '${';

/** No dollar sign with an opening brace. */
export const noSubstitution: Rule = {
  name: 'no-substitution',
  reason: 'Flux replaces it, with nothing or with an error',
  patched: 'fault',
  check: (objects) =>
    objects.flatMap((object) =>
      placesIn(
        object,
        (value, keys) =>
          (typeof value === 'string' && value.includes(SUBSTITUTED)) || keys.at(-1)?.includes(SUBSTITUTED) === true,
      ).map((place) => ({ object, message: `.${place} holds a dollar sign before a brace (write it another way)` })),
    ),
};

/** No character that is lost on its way. */
export const noLostCharacters: Rule = {
  name: 'no-lost-characters',
  reason: 'a server-side apply, as Flux always makes, refuses it or drops it, and no program starts with a NUL',
  patched: 'fault',
  check: (objects) =>
    objects.flatMap((object) =>
      placesIn(object, (value) => typeof value === 'string' && lostCharacter(value) !== undefined).map((place) => ({
        object,
        message: `.${place} holds a character that gets lost (remove it)`,
      })),
    ),
};

/** Keys whose empty map says something, and is stored. */
const MEANT_EMPTY = new Set(['emptyDir', 'podSelector', 'namespaceSelector']);

/** No null and no empty map or list of the kind that the API server drops. */
export const nothingEmpty: Rule = {
  name: 'nothing-empty',
  reason: 'the API server drops nulls and empty maps, and a GitOps tool then sees a difference for ever',
  // An empty rule of a policy, say, allows everything.
  patched: 'meant',
  check: (objects) =>
    objects.flatMap((object) =>
      placesIn(
        object,
        (value, keys) => isEmpty(value) && !MEANT_EMPTY.has(keys.at(-1) ?? ''),
        (_, keys) => !MEANT_EMPTY.has(keys.at(-1) ?? ''),
      ).map((place) => ({ object, message: `.${place} is empty (leave it out)` })),
    ),
};

const isEmpty = (value: unknown) => typeof value === 'object' && (value === null || Object.keys(value).length === 0);
