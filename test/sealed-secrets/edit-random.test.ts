import fc from 'fast-check';
import type { NewValue } from '../../lib/sealed-secrets/manifest-lines';
import { sampleSize } from '../support/sample-size';
import { edited, LOGIN, noteText, opened } from '../support/sealed-editing';
import { manifest, sealedFor } from '../support/sealed-manifest';

describe('any file', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const comment = fc.constantFrom('', '', ' # a comment', '   # "quoted: {', ' #');
  const between = fc.array(fc.constantFrom('    # note', '', '  # outdented', '          # far'), { maxLength: 2 });
  const quote = fc.constantFrom('', '', '"', "'");
  const entry = fc.record({ comment, between, quote, noted: fc.boolean() });
  const document = fc.record({
    name: word,
    keys: fc.uniqueArray(word, { minLength: 1, maxLength: 5 }),
    entries: fc.array(entry, { minLength: 5, maxLength: 5 }),
    more: fc.constantFrom(
      '',
      '  template:\n    data:\n      rendered.txt: |\n        {{ .a }}\n\n',
      '  template: {type: Opaque} # t\n',
    ),
  });
  const file = fc.record({
    documents: fc.uniqueArray(document, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    isEndless: fc.boolean(),
    top: fc.constantFrom('', '\ufeff', '# top\n'),
    chosen: fc.nat(),
    key: fc.nat(),
  });
  const sealedOnce = new Map<string, NewValue>();
  const sealedAs = (name: string, key: string): NewValue => {
    const known = sealedOnce.get(`${name}/${key}`) ?? sealedFor('mlflow', name, key);
    sealedOnce.set(`${name}/${key}`, known);
    return known;
  };
  const write = ({ documents, lineBreak, isEndless, top }: typeof file extends fc.Arbitrary<infer T> ? T : never) => {
    const texts = documents.map(({ name, keys, entries, more }) => {
      const lines = keys.map((key, index) => {
        const { comment: behind = '', between: above = [], quote: q = '', noted = false } = entries[index] ?? {};
        const value = sealedAs(name, key);
        const note = noted ? ` # ${noteText(value)}${behind.replace('#', ',')}` : behind;
        return [...above, `    ${key}: ${q}${value.ciphertext}${q}${note}`].join('\n');
      });
      return manifest([], `${lines.join('\n')}\n${more}`, name);
    });
    const text = `${top}${texts.join('')}`.replaceAll('\n', lineBreak);
    return isEndless ? text.trimEnd() : text;
  };

  test('changes by exactly one line when one key is re-sealed, and opens to the same values except that one', () => {
    fc.assert(
      fc.property(file, (given) => {
        const text = write(given);
        const chosen = given.documents[given.chosen % given.documents.length];
        const key = chosen?.keys[given.key % chosen.keys.length];
        if (!chosen || !key) throw new Error('no document');
        const target = { ...LOGIN, name: chosen.name };
        const after = edited(text, { [key]: sealedFor('mlflow', chosen.name, 'anew') }, target);
        const [was, is] = [text.split('\n'), after.split('\n')];
        expect(is).toHaveLength(was.length);
        const changed = was.flatMap((line, index) => (line === is[index] ? [] : [line]));
        expect(changed).toEqual([expect.stringContaining(`    ${key}: `)]);
        expect(opened(after)).toEqual(
          opened(text).map((line) => (line.startsWith(`${chosen.name}/${key}=`) ? `${chosen.name}/${key}=anew` : line)),
        );
      }),
      { numRuns: sampleSize(10, 60) },
    );
  });

  test('gains exactly one line for a key, and only lines at its end for a Secret', () => {
    fc.assert(
      fc.property(file, (given) => {
        const text = write(given);
        const chosen = given.documents[given.chosen % given.documents.length];
        const name = chosen?.name ?? '';
        const after = edited(text, { 'NEW.key': sealedFor('mlflow', name, 'anew') }, { ...LOGIN, name });
        const [was, is] = [text.split(/\r?\n/), after.split(/\r?\n/)];
        const added = is.findIndex((line) => line.startsWith('    NEW.key: '));
        expect(is.toSpliced(added, 1)).toEqual(was);
        expect(text.endsWith('\n')).toBe(after.endsWith('\n'));
        expect(opened(after).toSorted()).toEqual([...opened(text), `${name}/NEW.key=anew`].toSorted());

        const more = edited(text, { a: sealedFor('mlflow', 'NEW', 'x') }, { ...LOGIN, name: 'new' });
        expect(more.startsWith(text)).toBe(true);
      }),
      { numRuns: sampleSize(10, 60) },
    );
  });
});
