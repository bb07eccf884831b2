import fc from 'fast-check';
import {
  canonicalBytes,
  canonicalCpu,
  canonicalQuantity,
  formatBinary,
  quantityValue,
} from '../../lib/kubernetes/quantity';

describe('a quantity', () => {
  // What the API server stores for each.
  test.each([
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Gi', '512Mi'],
    ['1000M', '1G'],
    ['1000000', '1M'],
    ['1024', '1024'],
    ['1048576Ki', '1Gi'],
    ['1000Ki', '1000Ki'],
    ['.5Gi', '512Mi'],
    ['8Gi', '8Gi'],
    ['1Pi', '1Pi'],
    ['1024Pi', '1Ei'],
    ['1000P', '1E'],
    ['1.5k', '1500'],
    ['500000m', '500'],
  ])('of bytes %s is written %s', (given, canonical) => {
    expect(canonicalBytes(given)).toBe(canonical);
  });

  test.each([
    ['2', '2'],
    ['2.0', '2'],
    ['0.5', '500m'],
    ['2000m', '2'],
    ['1500m', '1500m'],
    ['.25', '250m'],
    ['0.001', '1m'],
    ['1k', '1k'],
    ['1000', '1k'],
    ['1001', '1001'],
  ])('of CPU %s is written %s', (given, canonical) => {
    expect(canonicalCpu(given)).toBe(canonical);
  });

  test.each([
    '',
    ' ',
    '1 Gi',
    '1gi',
    '1GB',
    '1Zi',
    '1n',
    '1e3',
    '-1',
    '+1',
    '1.',
    '1,5',
    '1.2.3',
    'Gi',
    '0x10',
    'NaN',
    'Infinity',
    '1Gi\n',
    '１',
  ])('is not %j', (text) => {
    expect(quantityValue(text)).toBeNaN();
  });

  const binary = fc.tuple(fc.integer({ min: 1, max: 4096 }), fc.constantFrom('Ki', 'Mi', 'Gi', 'Ti'));
  const decimal = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom('', 'k', 'M', 'G', 'T'));

  test('of bytes keeps its value in its canonical form, which is stable', () => {
    fc.assert(
      fc.property(fc.oneof(binary, decimal), ([number, suffix]) => {
        const canonical = canonicalBytes(`${number}${suffix}`);
        expect(quantityValue(canonical)).toBe(quantityValue(`${number}${suffix}`));
        expect(canonicalBytes(canonical)).toBe(canonical);
        expect(formatBinary(quantityValue(canonical))).toMatch(/^\d+([KMGTP]i|[kMGTP])?$/);
      }),
    );
  });

  test.each<readonly [string, string | undefined]>([
    ...['0', '500m', '2', '1k', '1536Mi', '1Gi', '1000Ki', '250u', '3n', '1E', '7Ei'].map(
      (text) => [text, text] as const,
    ),
    ['0Gi', '0'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1000', '1k'],
    ['1500', '1500'],
    ['1024Mi', '1Gi'],
    ['0.5Ki', '512'],
    ['0.3Ki', '307200m'],
    ['1.1Gi', '1181116007'],
    ['1.', '1'],
    ['007', '7'],
    ['0.0000000001', '1n'],
    ...['', 'much', '1e3', '-1', '1 Gi', '1gi', '.'].map((text) => [text, undefined] as const),
  ])('of anything %j is stored as %j', (given, stored) => {
    expect(canonicalQuantity(given)).toBe(stored);
  });

  test('of CPU and of bytes is written as it is stored', () => {
    const fraction = fc.integer({ min: 1, max: 99_999 }).map((number) => number / 1000);
    const text = fc
      .tuple(fraction, fc.constantFrom('', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        for (const written of [canonicalCpu(given), canonicalBytes(given)]) {
          expect(canonicalQuantity(written)).toBe(written);
        }
      }),
      { seed: 1775883525, numRuns: 500 },
    );
  });

  test('of CPU keeps its value in its canonical form, which is stable', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (thousandths) => {
        for (const text of [`${thousandths}m`, String(thousandths / 1000)]) {
          const canonical = canonicalCpu(text);
          expect(Math.round(quantityValue(canonical) * 1000)).toBe(thousandths);
          expect(canonicalCpu(canonical)).toBe(canonical);
        }
      }),
    );
  });
});
