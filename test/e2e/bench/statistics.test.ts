import { median, medianOf, medianRatio } from './statistics';

test.each<[readonly number[], number]>([
  [[], NaN],
  [[7], 7],
  [[10, 9], 9.5],
  [[100, 9, 10], 10],
  [[4, 100, 2, 1], 3],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('the median of a figure passes over rounds that lack it', () => {
  const rounds = [{ log: 1 }, { log: undefined, search: 9 }, {}, { log: 3 }];
  expect(medianOf(rounds, 'log')).toBe(2);
  expect(medianOf(rounds, 'memory')).toBeNaN();
});

test('ratios are those of each round, not of the medians', () => {
  const of = [{ log: 10 }, { log: 2 }, { log: 60 }];
  const to = [{ log: 1 }, { log: 4 }, { log: 20 }];
  expect(medianRatio(of, to, 'log')).toBe(3);
  expect(medianOf(of, 'log') / medianOf(to, 'log')).toBe(2.5);
});

test('a round that one side lacks has no ratio', () => {
  expect(medianRatio([{ log: 10 }, { log: 6 }], [{ log: undefined }, { log: 2 }], 'log')).toBe(3);
  expect(medianRatio([{ log: 10 }, { log: 6 }], [{ log: 4 }], 'log')).toBe(2.5);
  expect(medianRatio([{}], [{ log: 4 }], 'log')).toBeNaN();
});
