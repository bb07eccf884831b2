import type { EnvironmentInput } from '../../../lib/environment/model';
import { EMBEDDED, OWN_STORES } from '../../support/embedded-fixtures';
import { FULLEST, written } from '../../support/fixtures';
import { LAB } from '../../support/sealing-setting';
import { loginsAsFiles, objectsOf, podsOf, resolved, SMALLEST } from '../../support/support';

const INPUTS: Readonly<Record<string, EnvironmentInput>> = {
  SMALLEST,
  FULLEST: written(FULLEST),
  EMBEDDED: written(EMBEDDED),
  OWN_STORES,
  LAB: { ...LAB, secrets: { provider: 'existing' } },
  'no login': { ...SMALLEST, auth: { enabled: false } },
};

/** Every key of a Secret that a pod names, but for those of `server.env`, as `NAME/KEY`; a node reads one key of an image pull Secret. */
function keysThatPodsName(input: EnvironmentInput): string[] {
  const keys = podsOf(objectsOf(input)).flatMap(({ spec, containers }) => [
    ...containers
      .flatMap(({ env = [] }) => env.filter(({ name }) => name !== 'HF_TOKEN'))
      .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
      .map(({ name, key }) => `${name}/${key}`),
    ...loginsAsFiles(spec),
    ...(spec.imagePullSecrets ?? []).map(({ name }) => `${name}/.dockerconfigjson`),
  ]);
  return [...new Set(keys)].toSorted();
}

test.each(Object.entries(INPUTS))('the Secrets of %s are those that its pods name, key by key', (_, input) => {
  const { requiredSecrets, namespace } = resolved(input);
  const own = requiredSecrets.filter((secret) => secret.namespace === namespace.name);
  const keys = own.flatMap(({ name, keys: named }) => named.map(({ key }) => `${name}/${key}`));
  expect(keys.length).toBeGreaterThan(3);
  expect(keys.toSorted()).toEqual(keysThatPodsName(input));
});

test('what is in another namespace is a copy of what is in the own', () => {
  const { requiredSecrets, namespace } = resolved(LAB);
  const places = new Map(
    requiredSecrets.flatMap((secret) =>
      secret.keys.map((key) => [`${secret.namespace}/${secret.name}/${key.key}`, key] as const),
    ),
  );
  const others = requiredSecrets.filter((secret) => secret.namespace !== namespace.name);
  expect(others.map((secret) => secret.namespace)).toEqual(['jupyterhub', 'argo']);
  for (const key of others.flatMap((secret) => secret.keys)) {
    const origin = places.get(`${namespace.name}/${key.copies?.secret}/${key.copies?.key}`);
    expect(origin).toMatchObject({ reader: key.reader, section: ['auth', 'users', 0] });
  }
});
