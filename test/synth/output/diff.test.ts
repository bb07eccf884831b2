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

  test('is by name for lists of named things, and what is removed by position', () => {
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

  test('is by what both have for other lists', () => {
    const rule = (...from: string[]) => ({ from: from.map((name) => ({ namespace: name })) });
    expect(differ(rule('ml', 'jupyterhub', 'argo', 'ingress'), rule('ml', 'jupyterhub', 'ingress'))).toEqual([
      '    - spec.from[2]: {"namespace":"argo"}',
    ]);
    expect(differ({ args: ['-a', '-b', '-c', '-d'] }, { args: ['-x', '-a', '-c', '-e'] })).toEqual([
      '    + spec.args[0]: "-x"',
      '    - spec.args[1]: "-b"',
      '    ~ spec.args[3]: "-d" -> "-e"',
    ]);
    // One that became another is compared.
    expect(differ({ l: [{ a: 1, b: 1 }, { c: 1 }] }, { l: [{ a: 1, b: 2 }, { c: 1 }] })).toEqual([
      '    ~ spec.l[0].b: 1 -> 2',
    ]);
    expect(differ({ l: [{ name: 'a', v: 1 }, { name: 'b' }] }, { l: [{ name: 'b' }, { name: 'a', v: 2 }] })).toEqual([
      '    ~ spec.l[a].v: 1 -> 2',
      '    ~ spec.l: the same in another order',
    ]);
  });

  describe('of a label', () => {
    const KEY = 'app.kubernetes.io/version';
    const labelled = (name: string, version: string, more: object = {}) =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Thing', metadata: { name, labels: { [KEY]: version, other: name } } },
        spec: more,
      });
    const file = (name: string, versions: readonly [string, string], more: readonly object[] = []) =>
      change(labelled(name, versions[0], more[0]), labelled(name, versions[1], more[1]), `ml/${name}.k8s.yaml`);

    test('that changes in all objects alike is one line', () => {
      expect(describeChanges([file('x', ['1', '2']), file('y', ['1', '2'], [{ a: 1 }, { a: 2 }])])).toEqual([
        `~ 2 objects (ml): label ${KEY}: "1" -> "2"`,
        '~ Thing y (ml/y.k8s.yaml)',
        '    ~ spec.a: 1 -> 2',
      ]);
    });

    test.each([
      ['a pod template', (label: object) => ({ template: { metadata: { labels: label } } })],
      [
        'the pod template of a Job template',
        (label: object) => ({ jobTemplate: { spec: { template: { metadata: { labels: label } } } } }),
      ],
      ['an alert', (label: object) => ({ groups: [{ name: 'g', rules: [{ alert: 'A', labels: label }] }] })],
      ['a selector', (label: object) => ({ selector: { matchLabels: label, labels: label } })],
      ['a volume claim template', (label: object) => ({ metadata: { labels: label } })],
    ])('of %s is a line of its own', (_, spec) => {
      const [before, after] = [spec({ [KEY]: '1' }), spec({ [KEY]: '2' })];
      const own = differ(before, after);
      const lines = describeChanges(['x', 'y'].map((name) => file(name, ['1', '2'], [before, after])));
      expect(lines).toEqual([
        `~ 2 objects (ml): label ${KEY}: "1" -> "2"`,
        ...['x', 'y'].flatMap((name) => [`~ Thing ${name} (ml/${name}.k8s.yaml)`, ...own]),
      ]);
      // Also if nothing else changes.
      const alone = describeChanges(['x', 'y'].map((name) => file(name, ['1', '1'], [before, after])));
      expect(alone).toEqual(lines.slice(1));
    });

    test('that only some objects of the instance have is a line in each', () => {
      const MANAGED = 'app.kubernetes.io/managed-by';
      const thing = (name: string, labels: object) =>
        JSON.stringify({ apiVersion: 'v1', kind: 'Thing', metadata: { name, labels } });
      const released = (name: string) =>
        change(
          thing(name, { [MANAGED]: 'c', release: 'a' }),
          thing(name, { [MANAGED]: 'c', release: 'b' }),
          `ml/${name}`,
        );
      const kept = (labels: object) => {
        const text = thing('z', labels);
        return { path: 'ml/z', before: text, after: text, action: 'keep' as const };
      };
      const lines = (labels: object) => describeChanges([released('x'), released('y'), kept(labels)]);
      expect(lines({ [MANAGED]: 'c' })).toEqual(
        ['x', 'y'].flatMap((name) => [`~ Thing ${name} (ml/${name})`, '    ~ metadata.labels.release: "a" -> "b"']),
      );
      // An object of the user's need not have it.
      expect(lines({ own: 'c' })).toEqual(['~ 2 objects (ml): label release: "a" -> "b"']);
    });

    test.each([
      ['in another way', [file('x', ['1', '2']), file('y', ['1', '3'])], 2],
      ['in one object', [file('x', ['1', '2'])], 1],
      [
        'and stays in a file',
        [
          file('x', ['1', '2']),
          file('y', ['1', '2']),
          { path: 'ml/z', before: labelled('z', '1'), after: labelled('z', '1'), action: 'keep' as const },
        ],
        2,
      ],
      [
        'and stays in an object',
        [file('x', ['1', '2']), file('y', ['1', '2']), file('z', ['1', '1'], [{}, { a: 1 }])],
        3,
      ],
    ])('that changes %s is not', (_, changes, objects) => {
      const lines = describeChanges(changes);
      expect(lines.filter((line) => line.startsWith('~ '))).toHaveLength(objects);
      expect(lines.join()).not.toContain('objects');
    });

    test('of another environment, or that has another value, is apart', () => {
      const elsewhere = (name: string) =>
        change(labelled(name, '1'), labelled(name, '1', { a: 1 }), `other/${name}.k8s.yaml`);
      const lines = describeChanges([
        file('x', ['1', '2']),
        file('y', ['1', '2']),
        elsewhere('z'),
        file('w', ['0', '0']),
      ]);
      expect(lines[0]).toBe(`~ 2 objects (ml): label ${KEY}: "1" -> "2"`);
      expect(lines).toContain('~ Thing z (other/z.k8s.yaml)');
    });
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
