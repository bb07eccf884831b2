import { locatedPatches } from '../../lib/components/shared/contributions/patches';
import { applyPatches } from '../../lib/synth/apply-patches';

describe('an operation', () => {
  const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', labels: { b: 'c' } }, list: [1, 2], map: {} };
  const patched = (op: 'add' | 'remove' | 'replace' | 'test', path: string, value?: unknown) =>
    applyPatches(
      [{ name: 'file', objects: [object] }],
      locatedPatches([{ kind: 'A', name: 'a', operations: [{ op, path, value }] }]),
    );

  test.each([
    ['replace', '/mpa'],
    ['remove', '/map/nothing'],
    ['add', '/map/nothing/inner'],
    ['add', '/list/3'],
    ['replace', '/list/2'],
    ['remove', '/list/-'],
    ['add', '/list/01'],
    ['replace', '/list/01'],
    ['add', '/list/'],
    ['add', '/list/x'],
    ['add', '/list/-1'],
    ['add', '/list/1.5'],
    ['add', '/list/4294967296'],
    ['replace', '/list/length'],
    ['test', '/list/length'],
    ['add', '/metadata/name/x'],
    ['add', '/constructor/x'],
    ['add', '/constructor/prototype/x'],
    ['add', '/__proto__/x'],
    ['add', '/map/__proto__'],
    ['replace', '/map/constructor'],
    ['remove', '/map/toString'],
  ] as const)('%s at %s does not apply', (op, path) => {
    const { files, issues } = patched(op, path, op === 'remove' ? undefined : 2);
    expect(issues).toEqual([
      { path: ['patches', 0, 'operations', 0], message: expect.stringContaining(`does ${path} exist`) },
    ]);
    expect(files).toEqual([{ name: 'file', objects: [object] }]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x');
  });

  test.each([
    ['add', '/list/2', { list: [1, 2, 3] }],
    ['add', '/list/-', { list: [1, 2, 3] }],
    ['add', '/list/0', { list: [3, 1, 2] }],
    ['replace', '/list/1', { list: [1, 3] }],
    ['remove', '/list/0', { list: [2] }],
    ['add', '/map/constructor', { map: { constructor: 3 } }],
    ['replace', '/metadata/labels/b', { metadata: { name: 'a', labels: { b: 3 } } }],
    ['add', '/map/example.com~1a~0b', { map: { 'example.com/a~b': 3 } }],
  ] as const)('%s at %s applies', (op, path, change) => {
    const { files, issues } = patched(op, path, op === 'remove' ? undefined : 3);
    expect(issues).toEqual([]);
    expect(files).toEqual([{ name: 'file', objects: [{ ...object, ...change }] }]);
  });

  test.each(['add', 'replace', 'test'] as const)('%s of the whole object applies', (op) => {
    const other = op === 'test' ? object : { ...object, map: { a: 1 } };
    expect(patched(op, '', other)).toMatchObject({ files: [{ name: 'file', objects: [other] }], issues: [] });
  });

  test('that leaves no object is an issue', () => {
    const issue = (path: string[], text: string) => [
      { path: ['patches', 0, ...path], message: expect.stringContaining(text) },
    ];
    const test = patched('test', '', { ...object, kind: 'B' });
    expect(test.issues).toEqual(issue(['operations', 0] as never, 'does the whole object exist'));
    for (const changed of [patched('remove', ''), patched('replace', '', null), patched('replace', '', [object])])
      expect(changed.issues).toEqual(issue([], 'makes A a invalid'));
  });
});
