import { locatedPatches } from '../../lib/components/shared/contributions/patches';
import type { PatchOperationInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { applyPatches } from '../../lib/synth/apply-patches';
import { checkRules } from '../../lib/synth/rules';
import { EMBEDDED } from '../support/embedded-fixtures';
import { SHORT_PROGRAMS, written } from '../support/fixtures';
import { LARGE_SAMPLE } from '../support/sample-size';
import { filesOf, resolved, walk } from '../support/support';

describe('an object that the API server cannot read', () => {
  /** All places, or some in the small sample. */
  const some = <T>(items: readonly T[]) => items.filter((_, index) => LARGE_SAMPLE || index % 5 === 0);
  const input: EnvironmentInput = { ...written(EMBEDDED), patches: [] };
  const files = filesOf(input, SHORT_PROGRAMS);
  const environment = resolved(input);
  const objects = files.flatMap((file) => file.objects);
  const issuesOf = (kind: string, name: string, operation: PatchOperationInput) => {
    const patches = locatedPatches([{ kind, name, operations: [operation] }]);
    const patched = applyPatches(files, patches);
    expect(patched.issues).toEqual([]);
    return checkRules(patched.files, { ...environment, patches }, { unpatched: files });
  };
  // One of each: further items of a list and further objects of a kind are alike.
  const places = new Map(
    objects.flatMap(({ kind, metadata: { name }, ...rest }) =>
      walk({ metadata: {}, ...rest })
        .filter(({ path, value }) => path !== '' && typeof value === 'object' && !/\/\d+$/.test(path))
        .map(({ path, value }) => [`${kind}${path.replace(/\/\d+\//g, '/*/')}`, { kind, name, path, value }] as const),
    ),
  );
  const withSpec = objects.filter(({ spec }) => spec !== undefined);

  test.each(withSpec.map(({ kind, metadata: { name } }) => ({ kind, name })))(
    'has no spec, is one issue: $kind $name',
    ({ kind, name }) => {
      const expected = [{ path: ['patches', 0], message: expect.stringContaining('spec is missing') }];
      for (const operation of [
        { op: 'remove', path: '/spec' } as const,
        { op: 'replace', path: '/spec', value: null } as const,
      ])
        expect(issuesOf(kind, name, operation)).toEqual(expected);
    },
  );

  test('has null as an item of a list, is one issue', () => {
    const lists = [...places.values()].filter(({ value }) => Array.isArray(value));
    for (const { kind, name, path } of some(lists)) {
      const found = issuesOf(kind, name, { op: 'add', path: `${path}/-`, value: null });
      expect([path, found]).toEqual([
        path,
        [{ path: ['patches', 0], message: expect.stringMatching(/\] is null \(.*matches-schema/) }],
      ]);
    }
  });

  test('is never beyond a rule, whatever is null', () => {
    for (const { kind, name, path } of some([...places.values()])) {
      if (path === '/metadata') continue;
      const found = issuesOf(kind, name, { op: 'replace', path, value: null });
      expect([path, found.filter(({ path: at }) => at.join('.') !== 'patches.0')]).toEqual([path, []]);
    }
  });
});
