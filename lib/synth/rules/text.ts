import { controlCharacter } from '../../environment/fault';
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

/** No text with a character that stands for no sign. */
export const noControlCharacters: Rule = {
  name: 'no-control-characters',
  reason: 'the API server refuses it in a server-side apply, which Flux always makes, or drops it',
  patched: 'fault',
  check: (objects) =>
    objects.flatMap((object) =>
      placesIn(object, (value) => typeof value === 'string' && controlCharacter(value) !== undefined).map((place) => ({
        object,
        message: `.${place} holds a control character (remove it)`,
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
