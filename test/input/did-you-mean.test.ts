import { nearest } from '../../lib/input/did-you-mean';
import { formatPath } from '../../lib/input/issue';

describe('the nearest word', () => {
  const words = ['database', 'artifacts', 'service', 'server', 'secrets', 'auth', 'sourceRanges', 'nodePort'];
  test.each([
    ['databse', 'database'],
    ['Database', 'database'],
    ['serivce', 'service'],
    ['sever', 'server'],
    ['nodeport', 'nodePort'],
    ['souceRange', 'sourceRanges'],
    ['authh', 'auth'],
  ])('of %s is %s', (given, meant) => {
    expect(nearest(given, words)).toBe(meant);
  });

  test.each(['zzzz', '', 'x', 'completely-different', '😀'])('of %j is none', (given) => {
    expect(nearest(given, words)).toBeUndefined();
  });

  test('of a word itself is the word, and there is none among none', () => {
    for (const word of words) expect(nearest(word, words)).toBe(word);
    expect(nearest('a', [])).toBeUndefined();
  });
});

test('a path is written as people write it', () => {
  expect(formatPath(['clients', 'pods', 0, 'namespace'])).toBe('clients.pods[0].namespace');
  expect(formatPath(['labels', 'example.com/a b'])).toBe('labels."example.com/a b"');
  expect(formatPath(['a\u007f\u2028'])).toBe('"a\\u007f\\u2028"');
  expect(formatPath([])).toBe('');
});
