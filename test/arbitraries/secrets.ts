import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary, Generated } from './shared/component';
import { type Optional, pick, some } from './shared/record';
import { objectName } from './shared/values';

const PROVIDERS = ['existing', 'generated', 'sealed', 'external'] as const;

type Secrets = Optional<EnvironmentInput['secrets']>;

export const secrets: ComponentArbitrary<'secrets'> = {
  sections: {
    secrets: some<Secrets>({
      provider: pick(...PROVIDERS),
      overrides: fc.dictionary(pick('DATABASE', 'LOGIN'), fc.record({ provider: pick(...PROVIDERS) }), {
        noNullPrototype: true,
      }),
      sealed: some<Optional<Secrets['sealed']>>({
        certificate: pick('sealing-certificate.pem', 'controller.crt'),
        scope: pick('strict', 'namespace-wide', 'cluster-wide'),
      }),
      external: some<Optional<Secrets['external']>>(
        {
          store: some<Optional<Secrets['external']>['store']>(
            { name: objectName, kind: pick('ClusterSecretStore', 'SecretStore') },
            'name',
          ),
          refreshInterval: pick('1h', '0s', '1h30m0s'),
          prefix: pick('', 'team/', 'yes'),
          remote: pick('SecretStore', 'ClusterSecretStore').map((kind) => ({
            NAME: {
              store: { name: 'other', kind },
              key: 'team/017',
              version: '2',
              keys: { KEY: { key: 'x', property: 'on', version: '1' } },
            },
          })),
          creationPolicy: pick('Owner', 'Orphan', 'Merge'),
          deletionPolicy: pick('Retain', 'Delete', 'Merge'),
        },
        'store',
      ),
    }),
  },
  settle: (given) => {
    if (!given.secrets) return given;
    const settled = { ...given, secrets: given.secrets };
    // Any of them may be generated, and the others are named by the instance.
    if (settled.secrets.overrides && settled.name) settled.name = settled.name.slice(0, 34);
    nameOverrides(settled);
    tellApart(settled);
    nameRemote(settled);
    settled.secrets = secretsOf(settled.secrets);
    return settled;
  },
};

/** The settings of the providers that were generated, and of no other. */
function secretsOf({ provider = 'existing', overrides = {}, sealed, external }: Secrets): Secrets {
  const used = [provider, ...Object.values(overrides).map((override) => override.provider)];
  return {
    provider,
    ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
    ...(used.includes('sealed') && sealed ? { sealed } : {}),
    ...(used.includes('external') ? { external: external ? deletable(external) : { store: { name: 'vault' } } } : {}),
  };
}

/** The operator deletes only what it owns. */
function deletable(external: Optional<Secrets['external']>): Optional<Secrets['external']> {
  const { deletionPolicy, ...others } = external;
  return deletionPolicy === 'Delete' && others.creationPolicy === 'Merge' ? others : external;
}

/** Gives the overrides, which are generated without a name, to Secrets that exist and may come from their provider. */
function nameOverrides({ name = 'mlflow', secrets, database, auth }: Generated): void {
  const { DATABASE, LOGIN } = secrets?.overrides ?? {};
  if (!secrets?.overrides) return;
  const isPossible = database.embedded !== undefined || DATABASE?.provider !== 'generated';
  secrets.overrides = {
    ...(DATABASE && isPossible ? { [database.credentials?.secret ?? `${name}-db-credentials`]: DATABASE } : {}),
    ...(LOGIN && !auth?.app ? { [auth?.secret ?? `${name}-basic-auth`]: LOGIN } : {}),
  };
}

/**
 * Removes a key of a Secret that another value uses too, and the name of a Secret that would be both generated and
 * provided by an external system. The defaults all differ.
 */
function tellApart({ database, artifacts, auth, image }: Generated): void {
  const [db, s3] = [database?.credentials, artifacts?.s3?.credentials];
  const generated = [database?.embedded && db?.secret, artifacts?.embedded && s3?.secret];
  if (auth?.enabled !== false) generated.push(auth?.secret);
  if (image && generated.includes(image.pullSecret)) delete image.pullSecret;
  if (image?.pullSecrets?.some((name) => generated.includes(name))) delete image.pullSecrets;
  if (!database?.embedded && db && generated.includes(db.secret)) delete db.secret;
  if (!artifacts?.embedded && s3 && generated.includes(s3.secret)) delete s3.secret;
  const taken = new Set<string>();
  const keep = <T extends { secret?: string }>(section: T | undefined, secret: string, ...keys: (keyof T)[]) => {
    for (const key of keys.filter((name) => section?.[name] !== undefined)) {
      const location = `${section?.secret ?? secret}/${String(section?.[key])}`;
      if (taken.has(location)) delete (section as Partial<T>)[key];
      taken.add(location);
    }
  };
  keep(db, 'of the database', 'usernameKey', 'passwordKey');
  keep(s3, 'of the store', 'accessKeyIdKey', 'secretAccessKeyKey');
  const encryptionKeys = ['webhookEncryptionKeyKey', 'gatewayPassphraseKey'] as const;
  keep(auth, 'of the login', 'usernameKey', 'passwordKey', 'flaskSecretKeyKey', ...encryptionKeys);
  for (const user of auth?.users ?? []) keep(user, `of ${user.name}`, 'usernameKey', 'passwordKey');
}

/** Gives the location in the external store, which is generated without a name, to a Secret that exists. */
function nameRemote({ name = 'mlflow', secrets, database }: Generated): void {
  const remote = secrets?.external?.remote?.NAME;
  if (!secrets?.external || !remote) return;
  delete secrets.external.remote;
  const { secret = `${name}-db-credentials`, passwordKey = 'password' } = database?.credentials ?? {};
  const keys = Object.fromEntries(Object.values(remote.keys ?? {}).map((value) => [passwordKey, value]));
  if ((secrets.overrides?.[secret] ?? secrets).provider !== 'external') return;
  secrets.external.remote = { [secret]: { ...remote, keys } };
}
