import { canonicalDuration, DURATION } from '../../lib/kubernetes/duration';
import { matches } from '../../lib/kubernetes/grammar';

test.each([
  ['90m', '1h30m0s'],
  ['0s', '0s'],
  ['60s', '1m0s'],
  ['1h15s', '1h0m15s'],
  ['25h', '25h0m0s'],
])('%s is stored as %s', (text, stored) => {
  expect(matches(DURATION, text)).toBe(true);
  expect(canonicalDuration(text)).toBe(stored);
});

test.each(['', '5', 'h', '1d', '1.5h', '-1h', '1s1m', '1h ', '1234567s'])('%j is no duration', (text) => {
  expect(matches(DURATION, text)).toBe(false);
});
