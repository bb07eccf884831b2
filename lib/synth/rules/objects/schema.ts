import { formatPath } from '../../../input/issue';
import { schemaIssues } from '../../../kubernetes/schema';
import type { Rule } from '../rule';

/** Every object has only fields that its kind has, with values of the right type. */
export const matchesSchema: Rule = {
  name: 'matches-schema',
  reason: 'the API server refuses the object or drops the field, leaving the set partially applied',
  patched: 'issue',
  anyKind: true,
  check: (objects) =>
    objects.flatMap((object) =>
      schemaIssues(object).map(({ path, message }) => ({ object, path, message: `${formatPath(path)} ${message}` })),
    ),
};
