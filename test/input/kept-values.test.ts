import fc from 'fast-check';
import { toPlain } from '../../lib/input/located-yaml';
import { readYaml } from '../../lib/input/read-yaml';
import { sampleSize } from '../support/sample-size';

/** A value is read as it is written, or refused where it is written. */

const reading = (written: string, text = `a:\n  - b: ${written}\n`) => {
  const { documents, issues } = readYaml(text, 'f.yaml');
  const all = [...issues, ...documents.flatMap((document) => document.issues)];
  const { root } = documents[0] ?? {};
  const plain = root && (toPlain(root) as { a: { b: unknown }[] });
  return { lines: all.map(({ at, message }) => `${at.line}:${at.column} ${message}`), value: plain?.a?.[0]?.b };
};

test.each([
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551615',
  '12345678901234567890',
  '99999999999999999999999',
  '0x20000000000001',
  '0xFFFFFFFFFFFFFFFF',
  '0o400000000000000001',
  '0.12345678901234567890',
  '1.00000000000000001',
  '0.30000000000000000001',
  '9007199254740993.0',
  '9007199254740993e0',
  '1e400',
  '-1e400',
  '1e-400',
  '4.9e-400',
  '-0',
  '-0.0',
  '!!int 9007199254740993',
  '!!float 9007199254740993.0',
  `1${'0'.repeat(100_000)}1`,
  `0.${'0'.repeat(100_000)}1`,
])('%.40s is refused', (written) => {
  const { lines } = reading(written);
  expect(lines).toEqual([expect.stringMatching(/^2:\d+ is a number that cannot be kept as it is written \(/)]);
});

test.each<[string, unknown]>([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 2 ** 53],
  ['9007199254740994', 2 ** 53 + 2],
  ['-9007199254740991', -9007199254740991],
  ['1e21', 1e21],
  ['1E+5', 100_000],
  ['1.50', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['+5', 5],
  ['-.5e-3', -0.0005],
  ['007', 7],
  ['0', 0],
  ['0.0', 0],
  ['0e9', 0],
  ['0.1', 0.1],
  ['1e308', 1e308],
  ['5e-324', 5e-324],
  ['1.7976931348623157e308', Number.MAX_VALUE],
  ['0x1F', 31],
  ['0o17', 15],
  ['"9007199254740993"', '9007199254740993'],
  ['!!str 9007199254740993', '9007199254740993'],
  ['2001-12-14', '2001-12-14'],
  ['1_000', '1_000'],
  ['12:30:45', '12:30:45'],
  ['yes', 'yes'],
  ['0b1', '0b1'],
  ['"<<"', '<<'],
])('%s is kept', (written, value) => {
  expect(reading(written)).toEqual({ lines: [], value });
});

test('an integer is kept exactly, or refused', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.constantFrom('', '.0', 'e0'), (number, end) => {
      const { lines, value } = reading(`${number}${end}`);
      if (lines.length === 0) expect(BigInt(value as number)).toBe(number);
      else expect(Number.isSafeInteger(Number(number))).toBe(false);
    }),
    { numRuns: sampleSize(200, 5000) },
  );
});

test('each number that JavaScript writes is kept', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      if (Object.is(number, -0)) return;
      expect(reading(String(number))).toEqual({ lines: [], value: number });
    }),
    { numRuns: sampleSize(200, 5000) },
  );
});

test.each([
  ['!!binary aGk=', /unknown tag/],
  ['!!timestamp 2001-12-14', /unknown tag/],
  ['!!set { x, y }', /unknown tag/],
  ['!!omap [ x: 1 ]', /unknown tag/],
  ['!!pairs [ x: 1 ]', /unknown tag/],
  ['!!merge <<', /unknown tag/],
  ['!mine x', /unknown tag/],
  ['!<tag:example.com,2000:x> x', /unknown tag/],
  ['!!int three', /unknown tag/],
  ['!!map [ x ]', /./],
  ['{ <<: { x: 1 } }', /is a merge key of YAML 1\.1 \(write the keys out\)/],
  ['{ ? [ x ] : y }', /has a key that is not text/],
  ['{ ? { x: 1 } : y }', /has a key that is not text/],
  ['{ ~: y }', /has a key that is not text/],
])('%s is refused', (written, message) => {
  const { lines } = reading(written);
  expect(lines).toEqual([expect.stringMatching(message)]);
  expect(lines[0]).toMatch(/^2:/);
});

test('keys are kept as they are written', () => {
  const { documents } = readYaml('1: a\n1.20: b\n0x10: c\ntrue: d\n.nan: e\n9007199254740993: f\n"<<": g\n', 'f.yaml');
  expect(documents[0]?.issues).toEqual([]);
  const root = documents[0]?.root;
  expect(root && Object.keys(toPlain(root) as object)).toEqual([
    '1',
    '1.20',
    '0x10',
    'true',
    '.nan',
    '9007199254740993',
    '<<',
  ]);
});

test.each(['1.1', '1.0', '1.3'])('YAML %s is refused', (version) => {
  expect(reading('', `%YAML ${version}\n---\na: [{ b: 010 }]\n`).lines).toEqual([
    expect.stringMatching(/^[12]:\d is not /),
  ]);
});

test('YAML 1.2 may be named', () => {
  expect(reading('', '%YAML 1.2\n---\na: [{ b: 010 }]\n')).toEqual({ lines: [], value: 10 });
});
