import type { EnvironmentInput } from '../../lib/environment/model';
import { POSTGRESQL_IMAGE } from '../../lib/versions';
import { type JsonSchema, modelSchema } from '../../tools/json-schema';
import { resolved } from '../support/support';
import { NAME } from './derived-default';
import { DERIVED_DEFAULTS } from './derived-defaults.cases';

/** Every key whose default the model states as derived, with the statement. */
function statements(node: JsonSchema = modelSchema(), path = ''): Map<string, string> {
  const inner = Object.entries(node.properties ?? {}).map(([key, value]) => [value, path ? `${path}.${key}` : key]);
  if (node.items) inner.push([node.items, `${path}[]`]);
  if (typeof node.additionalProperties === 'object') inner.push([node.additionalProperties, `${path}{}`]);
  const below = inner.flatMap(([value, at]) => [...statements(value as JsonSchema, at as string)]);
  return new Map([...(node.derived === undefined ? [] : [[path, node.derived] as const]), ...below]);
}

/** Keys whose default is computed, so that the statement describes it in words. */
const COMPUTED =
  /^((ingress|gateway|route)\..*|auth\.oidc\.(redirectUrl|resources.*)|server\.workers|server\.resources\.limits\.ephemeral-storage|secrets\.external\..*|backup\.image\..*|(.*\.)?image\.repository)$/;

/** Whether the statement must contain the value: it does not come from the input. */
const isLiteral = (path: string, input: EnvironmentInput, expected: unknown) =>
  expected !== undefined && !COMPUTED.test(path) && !JSON.stringify(input).includes(String(expected));

describe('derived defaults', () => {
  test.each(['repository', 'tag'] as const)('of the image of backups name the %s', (key) => {
    expect(statements().get(`backup.image.${key}`)).toContain(`\`${POSTGRESQL_IMAGE[key]}\``);
  });

  test('that the model states are all compared with what resolve gives', () => {
    expect(Object.keys(DERIVED_DEFAULTS).toSorted()).toEqual([...statements().keys()].toSorted());
  });

  test.each(
    Object.entries(DERIVED_DEFAULTS).flatMap(([path, cases]) =>
      cases.map((each, index) => [path, index, each] as const),
    ),
  )('%s, case %i', (path, _, { input, actual, expected }) => {
    expect(actual(resolved(input))).toEqual(expected);
    if (isLiteral(path, input, expected)) {
      const literal = String(expected).replace(NAME, 'NAME').replace('user-ann', 'user-USER');
      expect(statements().get(path)).toContain(`\`${literal}\``);
    }
  });
});
