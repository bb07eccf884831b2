import { sortKeys, sortKeysDeep } from '../../lib/kubernetes/sort-keys';

const text = (value: unknown) => JSON.stringify(value);

test('sortKeys sorts one level', () => {
  expect(text(sortKeys({ b: { d: 1, c: 2 }, a: 3 }))).toBe('{"a":3,"b":{"d":1,"c":2}}');
  expect(text(sortKeys({ a: 'x', B: 'y' }))).toBe('{"B":"y","a":"x"}');
});

test('sortKeysDeep sorts every map and keeps the order of lists', () => {
  expect(text(sortKeysDeep({ b: [{ d: 1, c: null }, 'x'], a: { f: true, e: [] } }))).toBe(
    '{"a":{"e":[],"f":true},"b":[{"c":null,"d":1},"x"]}',
  );
  for (const value of [null, 'x', 1, true]) expect(sortKeysDeep(value)).toBe(value);
});
