import { describeGrammar, type Grammar, matches } from '../../lib/kubernetes/grammar';
import {
  DATA_KEY,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  objectNameGrammar,
  PORT_NAME,
  SERVICE_NAME,
  VARIABLE_NAME,
} from '../../lib/kubernetes/names';

const a = (length: number) => 'a'.repeat(length);

test.each<[string, Grammar, readonly string[], readonly string[]]>([
  ['a DNS label', DNS_LABEL, ['a', '0', 'a-b', 'a--b', a(63)], ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', 'ä', a(64)]],
  [
    'a DNS subdomain',
    DNS_SUBDOMAIN,
    ['a', 'a.b', '0.1', 'a-b.c', a(253), `${a(100)}.b`],
    ['', '.', 'a.', '.a', 'a..b', 'a.-b', 'a-.b', 'A.b', 'a/b', a(254)],
  ],
  ['a Service', SERVICE_NAME, ['a', 'a-0', a(63)], ['', '0a', 'a-', 'a.b', a(64)]],
  ['a port', PORT_NAME, ['a', '0a', 'a-b', a(15)], ['', '80', 'a--b', '-a', 'a-', 'A', a(16)]],
  ['a variable', VARIABLE_NAME, ['A', '_', 'a.b', '-a', '.a', a(300)], ['', '0', 'a=b', 'a b', '.', '..', '..a']],
  ['a key', DATA_KEY, ['a', '0', '.a', 'A_b-c.d', '-', a(253)], ['', '.', '..', '..a', 'a/b', a(254)]],
])('the names of %s', (_, grammar, right, wrong) => {
  expect(right.filter((text) => !matches(grammar, text))).toEqual([]);
  expect(wrong.filter((text) => matches(grammar, text))).toEqual([]);
});

test('a kind has names as its controller can use them', () => {
  const longest = (kind: string) => [300, 253, 63, 52].find((length) => matches(objectNameGrammar(kind), a(length)));
  expect(['Secret', 'Service', 'Namespace', 'Job', 'CronJob', 'StatefulSet'].map(longest)).toEqual([
    253, 63, 63, 63, 52, 52,
  ]);
  expect(['Secret', 'Namespace', 'Service'].map((kind) => matches(objectNameGrammar(kind), 'a.b'))).toEqual([
    true,
    false,
    false,
  ]);
});

test('a message says the length and the characters', () => {
  expect(describeGrammar(DNS_LABEL)).toBe('at most 63 lowercase letters, digits and -');
  expect(describeGrammar(VARIABLE_NAME)).toMatch(/^letters, /);
});
