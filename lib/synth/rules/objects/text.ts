import { isSubstituted, lostCharacter } from '../../../input/issue';
import { PROGRAM_ANNOTATIONS } from '../../../kubernetes/metadata';
import type { Manifest } from '../../manifest';
import type { Rule } from '../rule';
import { keyPathsIn, type Match } from '../visit';

/** A rule that reports every matching value within objects of any kind, with the same message. */
const everyMatch = (rule: Omit<Rule, 'check'>, found: Match, message: string, into?: Match): Rule => ({
  ...rule,
  anyKind: true,
  check: (objects) =>
    objects.flatMap((object) =>
      keyPathsIn(object, found, into).map((keyPath) => ({ object, message: `.${keyPath} ${message}` })),
    ),
});

/** Whether Flux leaves the texts of an object as they are. */
const isLeftAlone = ({ metadata: { annotations = {} } }: Manifest) =>
  Object.entries(PROGRAM_ANNOTATIONS).every(([key, value]) => annotations[key] === value);

const everySubstitution = everyMatch(
  { name: 'no-substitution', reason: 'Flux substitutes it, with an empty text or an error', patched: 'issue' },
  (value, keys) => (typeof value === 'string' && isSubstituted(value)) || isSubstituted(keys.at(-1) ?? ''),
  'contains a dollar sign followed by a brace (write it another way)',
);

/** No dollar sign with an opening brace, unless a user added the object and keeps Flux from it. */
export const noSubstitution: Rule = {
  ...everySubstitution,
  check: (objects, environment, unpatched, added) =>
    everySubstitution.check(
      objects.filter((object) => !(added.has(object) && isLeftAlone(object))),
      environment,
      unpatched,
      added,
    ),
};

/** No character that is lost on the way to a program. */
export const noLostCharacters = everyMatch(
  {
    name: 'no-lost-characters',
    reason:
      'a server-side apply, which Flux uses, refuses or drops it, and no program starts with a NUL in its arguments',
    patched: 'issue',
  },
  (value) => typeof value === 'string' && lostCharacter(value) !== undefined,
  'contains a character that is lost (remove it)',
);

/** Keys whose empty map has a meaning, and is stored. */
const MEANT_EMPTY = new Set(['emptyDir', 'podSelector', 'namespaceSelector']);
const mayBeEmpty = (keys: readonly string[]) => MEANT_EMPTY.has(keys.at(-1) ?? '');

/** No null and no empty map or list of the kind that the API server drops. */
export const nothingEmpty = everyMatch(
  {
    name: 'nothing-empty',
    reason: 'the API server drops nulls and empty maps, so a GitOps tool reports drift forever',
    seesNulls: true,
    // For example, an empty rule of a NetworkPolicy allows everything.
    patched: 'allowed',
  },
  (value, keys) => isEmpty(value) && !mayBeEmpty(keys),
  'is empty (remove it)',
  (_, keys) => !mayBeEmpty(keys),
);

const isEmpty = (value: unknown) => typeof value === 'object' && (value === null || Object.keys(value).length === 0);
