import type { EnvironmentInput } from '../../../lib/environment/model';
import { mirrored } from '../../../lib/kubernetes/image-reference';
import { EVERY_POD } from '../../support/embedded-fixtures';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { objectsOf, podsOf, resolution } from '../../support/support';

const imagesOf = (image: EnvironmentInput['image'], more: EnvironmentInput = {}) =>
  new Set(
    podsOf(objectsOf({ ...EVERY_POD, ...more, image }, SHORT_PROGRAMS)).flatMap(({ spec }) =>
      [...(spec.initContainers ?? []), ...spec.containers].map((container) => container.image),
    ),
  );

test.each([
  'registry.example.com',
  'registry.example.com:5000',
  'localhost/mirror',
  'registry.example.com/team/mirror',
])('every default image is read from %s', (registry) => {
  expect(imagesOf({ registry })).toEqual(
    new Set([
      `${registry}/mlflow/mlflow:v3.18.0-full`,
      `${registry}/library/postgres:17.11-trixie`,
      `${registry}/versity/versitygw:v1.7.0`,
    ]),
  );
});

test('a repository that the user names stays as it is', () => {
  const registry = 'registry.example.com/mirror';
  const images = imagesOf(
    { registry, repository: 'ghcr.io/mlflow/mlflow' },
    {
      database: { embedded: { image: { repository: 'docker.io/library/postgres' } } },
      artifacts: { embedded: { image: { repository: 'example.com/versitygw' } } },
      backup: { destination: { claim: {} }, image: { tag: '18-trixie' } },
    },
  );
  expect(images).toEqual(
    new Set([
      'ghcr.io/mlflow/mlflow:v3.18.0-full',
      'docker.io/library/postgres:17.11-trixie',
      'example.com/versitygw:v1.7.0',
      `${registry}/library/postgres:18-trixie`,
    ]),
  );
});

test.each([
  ['v3.18.0', /bare official image/],
  ['v3.3.0-full', /does not exist/],
  ['v3.11.1-full', /lacks packages/],
])('tag %s of a copy is judged like that of the original', (tag, said) => {
  const copies = [
    { registry: 'registry.example.com/mirror' },
    { registry: 'a.example.com', repository: 'a.example.com/mlflow/mlflow' },
  ];
  for (const image of [{}, ...copies]) {
    const { issues } = resolution({ ...EVERY_POD, image: { ...image, tag } });
    expect(issues.map(({ message }) => message)).toContainEqual(expect.stringMatching(said));
  }
  const own = { registry: 'registry.example.com/mirror', repository: 'registry.example.com/own/mlflow', tag };
  expect(resolution({ ...EVERY_POD, image: own }).issues.map(({ path }) => path.join('.'))).not.toContain('image.tag');
});

test.each([
  'https://registry.example.com',
  'registry.example.com/',
  '/mirror',
  'mirror',
  'team/mirror',
  'Registry.example.com',
  'a.b:x',
  'a.b c',
  '',
])('is no registry: %j', (registry) => {
  expect(resolution({ ...EVERY_POD, image: { registry } }).issues).toEqual([
    { path: ['image', 'registry'], message: expect.stringMatching(/registry\.example\.com\/mirror/) },
  ]);
});

test.each([
  ['ghcr.io/mlflow/mlflow', 'mlflow/mlflow'],
  ['localhost/a', 'a'],
  ['localhost:5000/a/b', 'a/b'],
  ['library/postgres', 'library/postgres'],
  ['postgres', 'postgres'],
])('the copy of %s is %s', (repository, copy) => {
  expect(mirrored(repository, 'r.example.com')).toBe(`r.example.com/${copy}`);
  expect(mirrored(repository, undefined)).toBe(repository);
});
