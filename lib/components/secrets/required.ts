import type {
  GeneratedValue,
  RequiredKey,
  RequiredSecret,
  ResolvedEnvironment,
} from '../../environment/resolved-environment';
import type { Path } from '../../input/issue';

/** The sections that name Secrets. */
export type SecretSections = Pick<
  ResolvedEnvironment,
  'namespace' | 'image' | 'database' | 'artifacts' | 'auth' | 'clients' | 'backup' | 'monitoring'
>;

/** The type of a Secret that only a node reads, and the one key that it has. */
export const REGISTRY_TYPE = 'kubernetes.io/dockerconfigjson';
const REGISTRY_KEY = '.dockerconfigjson';

/** The keys of a client's Secret: the names by which MLflow's own client reads them. */
export const CLIENT_KEYS = { username: 'MLFLOW_TRACKING_USERNAME', password: 'MLFLOW_TRACKING_PASSWORD' } as const;

/** The scraper's user name where it is generated. */
export const GENERATED_USERNAME = 'metrics';

/** A key with the Secret that it belongs into. */
interface Wanted {
  readonly namespace: string;
  readonly secret: string;
  readonly key: RequiredKey;
}

/**
 * Every Secret that the environment names by its keys, whoever makes it: what pods and nodes read, and what client
 * namespaces are given. Keys of one Secret name are one Secret.
 */
export function requiredSecrets(sections: SecretSections): RequiredSecret[] {
  const secrets = new Map<string, RequiredSecret>();
  for (const { namespace, secret: name, key } of [...ownKeys(sections), ...clientKeys(sections)]) {
    const id = `${namespace}/${name}`;
    const keys = [...(secrets.get(id)?.keys ?? []), key];
    // A Secret of the registry's type may hold further keys, so where both are wanted, it is of that.
    const isForRegistry = keys.some(({ reader }) => reader === 'registry-credentials');
    secrets.set(id, { namespace, name, type: isForRegistry ? REGISTRY_TYPE : 'Opaque', keys });
  }
  return [...secrets.values()];
}

/** What stands in the instance's own namespace. */
function ownKeys({ namespace, image, database, artifacts, auth, backup, monitoring }: SecretSections): Wanted[] {
  const s3 = artifacts.s3.credentials;
  const ofBackup = backup?.destination.s3?.credentials;
  // One key may open both stores; then it is the artifacts'.
  const isShared = (Object.keys(s3) as (keyof typeof s3)[]).every((name) => ofBackup?.[name] === s3[name]);
  const copies = isShared ? undefined : ofBackup;
  const scraper = monitoring.metrics?.credentials;
  const of = (section: Path, purpose: RequiredKey['purpose'], isOurs: boolean, secret: string) => {
    return (keyName: string, key: string, reader: RequiredKey['reader'], value: GeneratedValue): Wanted => ({
      namespace: namespace.name,
      secret,
      // A random password would open nothing in a store of somebody else.
      key: { section, keyName, purpose, key, reader, ...(isOurs ? { generated: value } : {}) },
    });
  };
  const ofDatabase = of(
    ['database', 'credentials'],
    'database',
    database.embedded !== undefined,
    database.credentials.secret,
  );
  const ofStore = of(['artifacts', 's3', 'credentials'], 'object-store', artifacts.embedded !== undefined, s3.secret);
  const ofCopies = of(['backup', 'destination', 's3', 'credentials'], 'backup', false, copies?.secret ?? '');
  const ofLogin = of(['auth'], 'login', true, auth.secret);
  const ofScraper = of(['monitoring', 'metrics', 'credentials'], 'metrics', true, scraper?.secret ?? '');
  return [
    ofDatabase('usernameKey', database.credentials.usernameKey, 'database-username', { text: 'mlflow' }),
    ofDatabase('passwordKey', database.credentials.passwordKey, 'database-password', { random: 32 }),
    ofStore('accessKeyIdKey', s3.accessKeyIdKey, 's3-access-key-id', { random: 20 }),
    ofStore('secretAccessKeyKey', s3.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }),
    ...(copies
      ? [
          ofCopies('accessKeyIdKey', copies.accessKeyIdKey, 's3-access-key-id', { random: 20 }),
          ofCopies('secretAccessKeyKey', copies.secretAccessKeyKey, 's3-secret-access-key', { random: 40 }),
        ]
      : []),
    ...(auth.enabled
      ? [
          ofLogin('usernameKey', auth.usernameKey, 'mlflow-username', { text: 'admin' }),
          ofLogin('passwordKey', auth.passwordKey, 'mlflow-password', { random: 24 }),
          ofLogin('flaskSecretKeyKey', auth.flaskSecretKeyKey, 'flask-secret-key', { random: 64 }),
          ...auth.users.flatMap((user, index) => {
            const ofUser = of(['auth', 'users', index], 'login', true, user.secret);
            return [
              ofUser('usernameKey', user.usernameKey, 'mlflow-username', { text: user.name }),
              ofUser('passwordKey', user.passwordKey, 'mlflow-password', { random: 24 }),
            ];
          }),
        ]
      : []),
    ...(scraper
      ? [
          // A name and a password are the same to HTTP, whoever checks them.
          ofScraper('usernameKey', scraper.usernameKey, 'mlflow-username', { text: GENERATED_USERNAME }),
          ofScraper('passwordKey', scraper.passwordKey, 'mlflow-password', { random: 32 }),
        ]
      : []),
    ...(image.pullSecret ? [registryKey(namespace.name, image.pullSecret)] : []),
  ];
}

function registryKey(namespace: string, secret: string): Wanted {
  const key: RequiredKey = {
    section: ['image'],
    keyName: 'pullSecret',
    purpose: 'registry',
    key: REGISTRY_KEY,
    reader: 'registry-credentials',
  };
  return { namespace, secret, key };
}

/** The logins of users, once more, in the namespaces of clients: a pod reads Secrets of its own namespace alone. */
function clientKeys({ auth, clients }: SecretSections): Wanted[] {
  return clients.flatMap(({ namespace, secret, user: name }, index) => {
    const user = auth.enabled ? auth.users.find((each) => each.name === name) : undefined;
    if (!user) return [];
    const copied = (key: string, reader: RequiredKey['reader'], from: string): Wanted => ({
      namespace,
      secret,
      key: {
        section: ['clients', index],
        keyName: 'secret',
        purpose: 'login',
        key,
        reader,
        copies: { secret: user.secret, key: from },
      },
    });
    return [
      copied(CLIENT_KEYS.username, 'mlflow-username', user.usernameKey),
      copied(CLIENT_KEYS.password, 'mlflow-password', user.passwordKey),
    ];
  });
}
