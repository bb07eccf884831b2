import { describeChanges } from '../../../lib/synth/output/diff';
import type { FileChange } from '../../../lib/synth/output/writer';

describe('the difference of two outputs', () => {
  const change = (before: string | undefined, after: string | undefined, path = 'a/x.k8s.yaml'): FileChange => ({
    path,
    before,
    after,
    action: before === undefined ? 'create' : after === undefined ? 'remove' : 'update',
  });
  const object = (spec: unknown) => JSON.stringify({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'x' }, spec });
  const differ = (before: unknown, after: unknown) => describeChanges([change(object(before), object(after))]).slice(1);

  test('is by name for lists of named things, else by position', () => {
    expect(
      differ({ env: [{ name: 'A', value: '1' }, { name: 'B' }] }, { env: [{ name: 'A', value: '2' }, { name: 'C' }] }),
    ).toEqual([
      '    ~ spec.env[A].value: "1" -> "2"',
      '    - spec.env[B]: {"name":"B"}',
      '    + spec.env[C]: {"name":"C"}',
    ]);
    expect(differ({ l: ['a', 'b'] }, { l: ['a'] })).toEqual(['    - spec.l[1]: "b"']);
    expect(differ({ l: [{ name: 'a' }, { name: 'b' }] }, { l: [{ name: 'b' }, { name: 'a' }] })).toEqual([
      '    ~ spec.l: the same in another order',
    ]);
  });

  test('shows keys that hold dots in brackets, and long texts by their size', () => {
    const [long, other] = ['one', 'two'].map((end) => `${'x'.repeat(150)} ${end}`);
    expect(differ({ t: long }, { t: other })).toEqual([
      `    ~ spec.t: …"${'x'.repeat(19)} one" -> …"${'x'.repeat(19)} two"`,
    ]);
    expect(differ({ a: { 'example.com/x': 'y' } }, { a: {} })).toEqual(['    - spec.a[example.com/x]: "y"']);
    expect(differ({ a: 'one\ntwo\n' }, { a: 'one\n' })).toEqual([
      '    ~ spec.a: (text of 2 lines) -> (text of 1 lines)',
    ]);
    for (const line of differ({ a: 'x'.repeat(500) }, { a: 'y'.repeat(500) })) expect(line.length).toBeLessThan(250);
  });

  test('does not show an object that only moved to another file', () => {
    expect(
      describeChanges([change(object(1), undefined, 'a/x.k8s.yaml'), change(undefined, object(1), 'a/y.k8s.yaml')]),
    ).toEqual([]);
  });

  test('copes with a file that somebody broke by hand', () => {
    expect(describeChanges([change('a: [\n', object(1))])).toEqual(['+ Thing x (a/x.k8s.yaml)']);
  });
});
