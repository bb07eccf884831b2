import { matches } from '../../lib/kubernetes/grammar';
import {
  DIGEST,
  formatReference,
  type ImageReference,
  parseReference,
  REPOSITORY,
  registryHost,
  TAG,
} from '../../lib/kubernetes/image-reference';

const DIGEST_OF_A = `sha256:${'a'.repeat(64)}`;

test.each<[string, ImageReference]>([
  ['mlflow', { repository: 'mlflow' }],
  ['mlflow:3.1.0', { repository: 'mlflow', tag: '3.1.0' }],
  ['registry.example.com:5000/ml/mlflow', { repository: 'registry.example.com:5000/ml/mlflow' }],
  ['registry.example.com:5000/mlflow:v1', { repository: 'registry.example.com:5000/mlflow', tag: 'v1' }],
  [`a/b@${DIGEST_OF_A}`, { repository: 'a/b', digest: DIGEST_OF_A }],
  [`a/b:c@${DIGEST_OF_A}`, { repository: 'a/b', tag: 'c', digest: DIGEST_OF_A }],
])('%s has its parts, and they make it again', (text, parts) => {
  expect(parseReference(text)).toEqual(parts);
  expect(formatReference(parts)).toBe(text);
});

test.each([
  ['registry.example.com:5000/a', 'registry.example.com:5000'],
  ['localhost/a', 'localhost'],
  ['192.168.1.210/library/a:1', '192.168.1.210'],
  ['docker.io/library/a', undefined],
  ['library/a', undefined],
  ['a:1', undefined],
])('the registry of %s is %s', (text, host) => {
  expect(registryHost(text)).toBe(host);
});

test('the grammar of the parts', () => {
  const all = (grammar: typeof TAG, texts: readonly string[]) => texts.map((text) => matches(grammar, text));
  expect(all(REPOSITORY, ['a', 'a.b:5000/c', 'a/b__c', 'A', 'a:b', 'a/b:c', 'a/', '/a', ''])).toEqual([
    ...[true, true, true],
    ...[false, false, false, false, false, false],
  ]);
  expect(
    all(REPOSITORY, [
      ...['localhost:5000/a', '192.168.1.9:5000/a/b', 'ghcr.io/a.b/c_d/e---f', 'a'.repeat(255)],
      ...['ghcr.io:443', 'ghcr.io:/a', 'a:5000/b:c', 'gh..cr.io/a', '-a.io/b', 'a-.io/b', '.a/b'],
      ...['ghcr.io/ml..flow/a', 'ghcr.io/ml._flow/a', 'ghcr.io/a___b', 'ghcr.io/a-', 'ghcr.io//a', 'a'.repeat(256)],
    ]),
  ).toEqual([...Array(4).fill(true), ...Array(13).fill(false)]);
  expect(all(TAG, ['1', '_a', 'v1.2-full', 'a'.repeat(128), '.a', '-a', 'a/b', 'a'.repeat(129), ''])).toEqual([
    ...[true, true, true, true],
    ...[false, false, false, false, false],
  ]);
  expect(all(DIGEST, [DIGEST_OF_A, 'sha256:abc', DIGEST_OF_A.toUpperCase()])).toEqual([true, false, false]);
});
