import { locatedPatches } from '../../lib/components/shared/contributions/patches';
import { loadEnvironment } from '../../lib/environment/load';
import { nearest } from '../../lib/input/did-you-mean';
import { readYaml } from '../../lib/input/read-yaml';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import { applyPatches } from '../../lib/synth/apply-patches';
import type { Manifest } from '../../lib/synth/manifest';
import { expectLinear } from '../support/linear';
import { temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

/** Four times as much of anything takes about four times as long: in CPU time, because other programs run beside. */

const YAML = 'database:\n  host: postgres\nartifacts:\n  s3:\n    bucket: artifacts\n';
/** A text that is refused after the model accepts it. */
const SUBSTITUTED = `"$${'{x}'}"`;

const times = (count: number, line: (index: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, index) => line(index)).join(between);

const folder = temporaryFolder();
function load(text: string): readonly string[] {
  return loadEnvironment(writeIn(folder, 'environments/a/environment.yaml', text)).issues;
}

test.each<[string, (count: number) => string]>([
  ['unknown keys', (count) => YAML + times(count, (index) => `k${index}: 1\n`)],
  ['unknown keys of a section', (count) => `${YAML}server:\n${times(count, (index) => `  k${index}: 1\n`)}`],
  ['unknown options', (count) => `${YAML}server:\n  options:\n${times(count, (index) => `    k${index}: 1\n`)}`],
  ['invalid labels', (count) => `${YAML}labels:\n${times(count, (index) => `  k${index}: [1]\n`)}`],
  [
    'invalid and refused values',
    (count) =>
      `${YAML}labels:\n${times(count / 2, (index) => `  k${index}: {}\n`)}annotations:\n${times(count / 2, (index) => `  k${index}: "\${x}"\n`)}`,
  ],
  [
    'invalid items of a list',
    (count) =>
      `${YAML}server: { allowedHosts: [${times(count, (index) => (index % 2 ? '"a b"' : SUBSTITUTED), ', ')}] }\n`,
  ],
  ['aliases of an anchor', (count) => `x: &x 1\n${YAML}labels:\n${times(count, (index) => `  k${index}: *x\n`)}`],
  ['anchors', (count) => YAML + times(count / 2, (index) => `k${index}: &a${index} 1\nj${index}: *a${index}\n`)],
  ['values on one line', (count) => `${YAML}y: [${times(count, () => 'abcdefghijklmnopqrstuvwxyz', ', ')}]\n`],
  ['duplicates', (count) => YAML + times(count, () => 'k: 1\n')],
  ['unknown tags', (count) => YAML + times(count, (index) => `k${index}: !x a\n`)],
  ['comments', (count) => times(count, () => '# c\n') + YAML],
  [
    'invalid operations',
    (count) =>
      `${YAML}patches:\n  - kind: Service\n    name: mlflow\n    operations:\n${times(count / 4, (index) => `      - { op: no, path: /${index} }\n`)}`,
  ],
])('%s', (_, text) => {
  expectLinear((count) => load(text(count)));
});

test.each<[string, string, RegExp]>([
  ['80,000 unknown keys', YAML + times(80_000, (index) => `k${index}: 1\n`), /more than 20000 values/],
  ['80,000 aliases', `x: &x 1\n${YAML}y:\n${times(80_000, () => '- *x\n')}`, /too many values/],
  ['100,000 documents', times(100_000, () => '---\na\n'), /more than 1000 YAML documents/],
  [
    'anchors in one another',
    `${times(12, (level) => `b${level}: &b${level} [${`*b${level - 1},`.repeat(level ? 9 : 0)}x]\n`)}${YAML}`,
    /too many values/,
  ],
  ['257 labels', `${YAML}labels:\n${times(257, (index) => `  k${index}: a\n`)}`, /labels: .*at most 256 entries/],
  [
    '257 annotations',
    `${YAML}annotations:\n${times(257, (index) => `  k${index}: a\n`)}`,
    /annotations: .*at most 256 entries/,
  ],
  [
    '1001 users',
    `${YAML}auth: { users: [${times(1001, (index) => `{ name: u${index}, permission: READ }`, ', ')}] }\n`,
    /users: is too long \(use at most 1000 items\)/,
  ],
  [
    '1001 clients',
    `${YAML}clients: [${times(1001, (index) => `{ namespace: n${index} }`, ', ')}]\n`,
    /clients: is too long \(use at most 1000 items\)/,
  ],
  [
    '1001 sources of variables',
    `${YAML}server: { envFrom: [${times(1001, (index) => `{ secret: s${index} }`, ', ')}] }\n`,
    /envFrom: is too long \(use at most 1000 items\)/,
  ],
  ['100,000 brackets', '['.repeat(100_000), /nested deeper/],
  ['100,000 dashes', '- '.repeat(100_000), /nested deeper/],
])('%s are refused with one line', (_, text, message) => {
  expect(load(text)).toEqual([expect.stringMatching(message)]);
});

test('a key of a megabyte is unknown, and compared with none', () => {
  const key = 'k'.repeat(900_000);
  expect(load(`${YAML}? "${key}"\n: 1\n`)).toHaveLength(1);
  const words = ['database', 'artifacts', 'service'];
  expectLinear((count) => times(200, () => nearest('d'.repeat(count * 20), words) ?? ''));
});

test.each<[string, (index: number) => string]>([
  ['unknown keys', (index) => `k${index}: 1\n`],
  ['invalid keys of values', (index) => `    "k ${index}": AAAA\n`],
  ['values', (index) => `    k${index}: AAAA\n`],
])('%s of sealed-secrets.yaml', (_, line) => {
  const head =
    'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: { name: a, namespace: b }\nspec:\n  encryptedData:\n    k: AAAA\n';
  expectLinear((count) => readSealedSecrets(head + times(count, line), 's.yaml'));
});

test('clients with users that are like many others', () => {
  const users = (count: number) => times(count, (index) => `{ name: user${index}, permission: EDIT }`, ', ');
  const clients = (count: number) => times(count, (index) => `{ namespace: n${index}, user: usr${index} }`, ', ');
  const text = (count: number) => `${YAML}auth: { users: [${users(count)}] }\nclients: [${clients(count)}]\n`;
  expectLinear((count) => load(text(count)), 150);
});

test('a comment behind a value is found without reading the line to its end for each value', () => {
  expectLinear((count) => readYaml(`a: [${times(count, () => 'b', ', ')}] # c\n`, 'f.yaml'));
});

test('operations of a patch', () => {
  const object: Manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'mlflow', annotations: {} } };
  const files = [{ name: 'service', objects: [object] }];
  expectLinear((count) => {
    const operations = Array.from({ length: count }, (_, index) => ({
      op: 'add' as const,
      path: `/metadata/annotations/a${index}`,
      value: 'x',
    }));
    const { issues } = applyPatches(files, locatedPatches([{ kind: 'Service', name: 'mlflow', operations }]));
    expect(issues).toEqual([]);
  }, 500);
});
