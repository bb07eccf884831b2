import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest, OutputFile } from '../../../lib/synth/manifest';
import { FULLEST, SEALED, SHORT_PROGRAMS, written } from '../../support/fixtures';
import { CONTAINERS_OF_USERS } from '../../support/server-fixtures';
import { filesOf, podsOf, ROOT, SMALLEST } from '../../support/support';

/** What holds whoever makes the Secrets. */

const PROVIDERS: Readonly<Record<string, EnvironmentInput['secrets']>> = {
  existing: { provider: 'existing' },
  generated: { provider: 'generated' },
  sealed: { provider: 'sealed' },
  external: { provider: 'external', external: { store: { name: 'vault' } } },
};
const NAMES = Object.keys(PROVIDERS);

const preset = (name: string) =>
  parse(readFileSync(join(ROOT, 'environments', name, 'environment.yaml'), 'utf8')) as EnvironmentInput;
const ENVIRONMENTS: Readonly<Record<string, EnvironmentInput>> = {
  homelab: preset('homelab'),
  production: preset('production'),
  quickstart: preset('quickstart'),
  fullest: { ...written(FULLEST), patches: [] },
};

/** Without the state of sealed values that pods wait for. */
const withoutStates = (files: readonly OutputFile[]) =>
  files
    .filter(({ name }) => name !== 'secrets' && name !== 'programs')
    .map(({ name, objects }) => [
      name,
      JSON.parse(
        JSON.stringify(objects, (key, value: unknown) => {
          if (key !== 'env') return value;
          const others = (value as { name: string }[]).filter(({ name }) => !name.startsWith('SEALED_'));
          return others.length > 0 ? others : undefined;
        }),
      ) as unknown,
    ]);

/** Each Secret with its keys that an object of the output makes. */
function madeSecrets(objects: readonly Manifest[]): Record<string, string[]> {
  const made = objects.flatMap(({ kind, metadata: { namespace, name }, spec }) => {
    const { encryptedData, data } = (spec ?? {}) as { encryptedData?: object; data?: { secretKey: string }[] };
    if (kind === 'SealedSecret') return [[`${namespace}/${name}`, Object.keys(encryptedData ?? {}).sort()] as const];
    if (kind === 'ExternalSecret')
      return [[`${namespace}/${name}`, (data ?? []).map((each) => each.secretKey).sort()] as const];
    return [];
  });
  return Object.fromEntries(made);
}

describe.each(Object.entries(ENVIRONMENTS))('%s', (_, input) => {
  const outputs = Object.fromEntries(
    NAMES.map((name) => [name, filesOf({ ...input, secrets: PROVIDERS[name] }, SHORT_PROGRAMS)]),
  );

  test.each(NAMES)('differs with the provider %s in secrets.k8s.yaml and in what is waited for alone', (name) => {
    expect(withoutStates(outputs[name] ?? [])).toEqual(withoutStates(outputs.existing ?? []));
  });

  test('gets the same Secrets with the same keys from either controller', () => {
    const [sealed, external] = [outputs.sealed, outputs.external].map((files = []) =>
      madeSecrets(files.flatMap(({ objects }) => objects)),
    );
    expect(Object.keys(sealed ?? {}).length).toBeGreaterThan(2);
    // One value that the store lacks fails all of an ExternalSecret, so an optional one must be set.
    const { auth = {} } = input;
    const optional = [auth.webhookEncryptionKeyKey, auth.gatewayPassphraseKey].flatMap((key) => key ?? []);
    optional.push('MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'MLFLOW_CRYPTO_KEK_PASSPHRASE');
    expect(external).toEqual(
      Object.fromEntries(
        Object.entries(sealed ?? {}).map(([name, keys]) => [name, keys.filter((key) => !optional.includes(key))]),
      ),
    );
  });

  test('contains no provider if an external system creates the Secrets', () => {
    expect(outputs.existing?.map(({ name }) => name)).not.toContain('secrets');
  });
});

describe('an ExternalSecret', () => {
  const objects = filesOf({ ...written(FULLEST), patches: [] }, SHORT_PROGRAMS).flatMap((each) => each.objects);
  const references = (namespace: string, name: string) => {
    const found = objects.find(
      ({ kind, metadata }) => kind === 'ExternalSecret' && metadata.namespace === namespace && metadata.name === name,
    );
    if (!found) throw new Error(`no ExternalSecret ${namespace}/${name}`);
    const { data } = found.spec as { data: { secretKey: string; remoteRef: Record<string, string> }[] };
    return Object.fromEntries(
      data.map(({ secretKey, remoteRef: { key, property, version } }) => [secretKey, [key, property, version]]),
    );
  };

  test('reads each key as a property of what has the Secret’s name in the store', () => {
    expect(references('ml', 'db')).toEqual({
      user: ['team/db', 'user', undefined],
      pass: ['team/db', 'pass', undefined],
    });
  });

  test('reads where the environment says', () => {
    expect(references('ml', 'login')).toEqual({
      user: ['people/mlflow', 'user', '7'],
      pass: ['people/mlflow', 'pass', '7'],
      flask: ['people/flask', 'text', '3'],
    });
  });

  test('reads a key that begins with a dot as a property without one, which every store can name', () => {
    expect(references('ml', 'registry')).toEqual({
      '.dockerconfigjson': ['team/registry', 'dockerconfigjson', undefined],
    });
  });

  test.each([
    ['90m', '1h30m0s'],
    ['1h', '1h0m0s'],
    ['45s', '45s'],
    ['15m', '15m0s'],
    ['3600s', '1h0m0s'],
    ['0s', '0s'],
  ])('asks the store again after %s as Kubernetes writes that: %s', (refreshInterval, stored) => {
    const external = { store: { name: 'vault' }, refreshInterval };
    const [first] = filesOf({ ...SMALLEST, secrets: { provider: 'external', external } }, SHORT_PROGRAMS)
      .flatMap((each) => each.objects)
      .filter(({ kind }) => kind === 'ExternalSecret');
    expect(first?.spec).toMatchObject({ refreshInterval: stored });
  });

  test('reads the copy for a client where the user’s own Secret comes from', () => {
    expect(references('jupyterhub', 'tracking-login')).toEqual({
      MLFLOW_TRACKING_USERNAME: ['team/login-of-notebooks', 'user', undefined],
      MLFLOW_TRACKING_PASSWORD: ['team/login-of-notebooks', 'pass', undefined],
    });
  });
});

describe('the state of sealed values', () => {
  const sealed = (input: EnvironmentInput) =>
    filesOf({ ...input, secrets: { provider: 'sealed' } }, SHORT_PROGRAMS).flatMap(({ objects }) => objects);
  const isState = ({ name }: { readonly name: string }) => name.startsWith('SEALED_');

  test('is waited for by the first container of each pod that stays, of each Secret that it reads, and of no other', () => {
    for (const input of Object.values(ENVIRONMENTS)) {
      const objects = sealed(input);
      const keys = new Map(
        objects.flatMap(({ kind, metadata, spec }) => {
          const { template } = (spec ?? {}) as { template?: { data?: object } };
          const [key] = Object.keys(template?.data ?? {}).filter((name) => isState({ name }));
          return kind === 'SealedSecret' ? [[`${metadata.namespace}/${metadata.name}`, key] as const] : [];
        }),
      );
      for (const { owner, containers, spec } of podsOf(objects)) {
        // A pod of a Job reads the Secret as it is at its start.
        const stays = ['Deployment', 'StatefulSet'].includes(owner.kind);
        const read = containers.flatMap(({ env = [] }) => env.filter((each) => !isState(each)));
        // A file of an optional Secret follows it.
        const files = (spec.volumes ?? []).flatMap(({ secret }) =>
          secret?.optional ? [] : (secret?.secretName ?? []),
        );
        const names = new Set([...read.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []), ...files]);
        const wanted = [...names].flatMap((name) => keys.get(`${owner.metadata.namespace}/${name}`) ?? []);
        const [first, ...others] = containers.filter(({ name }) => !CONTAINERS_OF_USERS.has(name));
        const waiting = (first?.env ?? []).filter(isState).map(({ name }) => name);
        expect(waiting.toSorted()).toEqual(stays ? wanted.toSorted() : []);
        expect(others.flatMap(({ env = [] }) => env.filter(isState))).toEqual([]);
      }
    }
  });

  test('is the same for the same values', () => {
    const [first, again] = [written(SEALED), written(SEALED)].map((input) => JSON.stringify(sealed(input)));
    expect(again).toBe(first);
  });
});
