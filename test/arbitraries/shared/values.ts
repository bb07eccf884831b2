import fc from 'fast-check';
import { OWN_LABELS } from '../../../lib/kubernetes/metadata';
import { map, pick } from './record';

/** Strings that YAML, shell or template readers may take for something else. */
export const TRICKY = [
  ...['', 'yes', 'No', 'on', 'OFF', 'y', 'n', 'null', '~', 'true', 'False', '0', '-1', '1_000', '0x1F', '0o17', '017'],
  ...[
    '1:30',
    '12:30:45',
    '.inf',
    '-.INF',
    '.nan',
    '1e3',
    '1.',
    '.5',
    '+1',
    '0b11',
    '2024-01-01',
    '<<',
    '=',
    '---',
    '...',
  ],
  ...[
    ' lead',
    'trail ',
    'a: b',
    'a:',
    '#x',
    'a #b',
    'one\ntwo\n',
    '\n',
    ' \n x',
    'tab\there',
    '"q"',
    "it's",
    '\\',
    '%x',
  ],
  ...['@at', '`tick', '{a', '[b', '- x', '-', '? y', '!tag', '&anchor', '*alias', '|', '>', 'x\r\ny', 'x\r', 'é漢😀'],
  ...['\u0007', '\u00a0', '\u2028', '\ufeff', `${'long '.repeat(60)}end`, '$(HOME)', '$$', '{{ x }}'],
] as const;

// Keys that YAML 1.1 or 1.2 does not read as text.
const KEYS_TO_QUOTE = ['y', 'on', 'null', '017', '1e3', '1_000', '0x1F'];

// Names that the product or JavaScript gives a meaning of its own.
const LABELS = [
  ...['team', 'example.com/cost-centre', 'app.kubernetes.io/name', 'app.kubernetes.io/component', 'toString'],
  ...KEYS_TO_QUOTE,
];
const ANNOTATIONS = [
  ...['note', 'example.com/owner', 'checksum/programs', 'argocd.argoproj.io/sync-options', 'valueOf'],
  ...KEYS_TO_QUOTE,
];

export const labelValue = pick('', 'x', 'yes', '1', '017', '1e3', 'null', 'a'.repeat(63), 'Some_Value.1');
/** Characters that no key of the environment accepts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant
const LOST = /[\u0000\u007f-\u009f\ufffe\uffff]/;
export const anyText = fc.oneof(
  pick<string>(...TRICKY),
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('$' + '{') && !LOST.test(text)),
);
export const labels = map(LABELS, labelValue);

/** What operators and sidecars select by. */
export const selectedLabels = map(
  LABELS.filter((label) => !OWN_LABELS.includes(label)),
  labelValue,
);
export const annotations = map(ANNOTATIONS, anyText);
export const objectName = pick('a', 'some-secret', 'other.name', '0');
export const key = pick('key', 'ca.pem', 'KEY_2', 'tls.crt');
export const namespaceName = pick('mlflow', 'ml', 'team-a', '1st');
export const block = pick('10.0.0.0/8', '192.168.1.0/24', '0.0.0.0/0', 'fd00::/8', '2001:db8::/32');
export const address = pick('192.168.1.201', '203.0.113.7', 'fd00::5', '2001:db8::1');
