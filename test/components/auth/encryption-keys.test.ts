import type { EnvironmentInput } from '../../../lib/environment/model';
import { atLeast, RELEASES } from '../../arbitraries/shared/releases';
import {
  container,
  objectsOf,
  one,
  PROGRAMS,
  playing,
  podsOf,
  resolution,
  resolved,
  SMALLEST,
} from '../../support/support';

/** Keys that encrypt what is in the database: the same in every process, whichever provider creates the Secret. */

const KEYS = [
  ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'webhookEncryptionKeyKey', '3.3.0'],
  ['MLFLOW_CRYPTO_KEK_PASSPHRASE', 'gatewayPassphraseKey', '3.8.0'],
] as const;
const remote = { 'mlflow-basic-auth': { keys: Object.fromEntries(KEYS.map(([name]) => [name, {}])) } };
const PROVIDERS: Readonly<Record<string, EnvironmentInput['secrets']>> = {
  existing: { provider: 'existing' },
  generated: { provider: 'generated' },
  external: { provider: 'external', external: { store: { name: 'vault' }, remote } },
};

const of = (version: string, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'own/mlflow', tag: version },
  ...more,
});
const variable = (input: EnvironmentInput, name: string, of = 'server') =>
  container(objectsOf(input, PROGRAMS), of).env?.find((each) => each.name === name);

describe.each(Object.keys(PROVIDERS))('with the provider %s', (provider) => {
  test.each(KEYS)('the server of a release that reads %s has it, and starts without it', (name, _, since) => {
    for (const enabled of [true, false]) {
      for (const version of RELEASES.filter((each) => provider !== 'external' || atLeast(each, '3.8.0'))) {
        const input = of(version, { secrets: PROVIDERS[provider], auth: { enabled } });
        const secretKeyRef = { name: 'mlflow-basic-auth', key: name, optional: true };
        const wanted = atLeast(version, since) ? { name, valueFrom: { secretKeyRef } } : undefined;
        expect([version, variable(input, name)]).toEqual([version, wanted]);
        expect(variable(input, name, 'prepare')).toBeUndefined();
      }
    }
  });
});

test.each(KEYS)('%s is read from the Secret and the key that are set', (name, key) => {
  const input = of('3.18.0', { auth: { secret: 'login', [key]: 'other' } });
  expect(variable(input, name)?.valueFrom?.secretKeyRef).toEqual({ name: 'login', key: 'other', optional: true });
});

test('a source of variables may still provide them, if the Secret does not', () => {
  const input = of('3.18.0', { server: { envFrom: [{ secret: 'more' }] } });
  expect(container(objectsOf(input, PROGRAMS), 'server').envFrom).toEqual([{ secretRef: { name: 'more' } }]);
});

test('generated Secrets get them, the key of webhooks also those of older releases', () => {
  const objects = objectsOf(of('3.18.0', { secrets: PROVIDERS.generated }), PROGRAMS);
  const [command = []] = podsOf(playing(objects, 'secret-generator')).map(({ containers }) => containers[0]?.command);
  expect(command).toEqual(
    expect.arrayContaining([
      '--fernet=MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      '--random=MLFLOW_CRYPTO_KEK_PASSPHRASE=64',
      '--optional=MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      '--optional=MLFLOW_CRYPTO_KEK_PASSPHRASE',
    ]),
  );
  expect(one(objects, 'Role').rules).toContainEqual({
    ...{ apiGroups: [''], resources: ['secrets'] },
    ...{ resourceNames: ['mlflow-basic-auth'], verbs: ['patch'] },
  });
});

describe('an external store', () => {
  const input = (more = {}) => of('3.18.0', { secrets: { ...PROVIDERS.external, ...more } });
  const external = (remote = {}) => ({ external: { store: { name: 'vault' }, remote } });
  const keysOf = (given: EnvironmentInput) =>
    objectsOf(given, PROGRAMS)
      .filter(({ kind }) => kind === 'ExternalSecret')
      .flatMap(({ metadata, spec }) =>
        (spec as { data: { secretKey: string }[] }).data.map(({ secretKey }) => `${metadata.name}/${secretKey}`),
      );

  test('is asked for them if they are set, because the operator creates nothing if it lacks one', () => {
    const without = keysOf(input(external()));
    expect(without).toContain('mlflow-basic-auth/MLFLOW_FLASK_SERVER_SECRET_KEY');
    const added = KEYS.map(([name]) => `mlflow-basic-auth/${name}`);
    expect(keysOf(input())).toEqual(expect.arrayContaining([...without, ...added]));
    expect(without.filter((key) => added.includes(key))).toEqual([]);
  });

  test('draws a warning without the key of webhooks, which says what to do, and none with it', () => {
    const warnings = (given: EnvironmentInput) => resolution(given).warnings.map(({ message }) => message);
    expect(warnings(input(external()))).toEqual([
      expect.stringMatching(/webhook.*secrets\.external\.remote\.mlflow-basic-auth\.keys\.MLFLOW_WEBHOOK_SECRET/),
    ]);
    expect(warnings(input())).toEqual([]);
    expect(warnings({ ...input(external()), image: { repository: 'own/mlflow', tag: '3.2.0' } })).not.toContainEqual(
      expect.stringContaining('webhook'),
    );
  });

  test('is not asked for a Secret of optional keys alone', () => {
    expect(keysOf({ ...input(external()), auth: { enabled: false } }).filter((key) => /basic-auth/.test(key))).toEqual(
      [],
    );
  });
});

test('required Secrets name them as optional', () => {
  const { requiredSecrets } = resolved(of('3.18.0'));
  const keys = requiredSecrets.flatMap((secret) => secret.keys);
  expect(keys.filter(({ optional }) => optional).map(({ key }) => key)).toEqual(KEYS.map(([name]) => name));
});
