import { brokenChecks, type Fault, type Path } from '../environment/fault';
import type { GeneratedSecret, GeneratedValue, ResolvedEnvironment, SecretPurpose } from './resolved-environment';

/** The account of the Jobs that make Secrets, and all else that belongs to them. */
export const secretGeneratorName = (instance: string): string => `${instance}-secret-generator`;

/** The sections that name Secrets. */
type Sections = Pick<ResolvedEnvironment, 'secrets' | 'database' | 'artifacts' | 'auth'>;

/** A key of a Secret that pods read. */
interface NeededKey {
  /** The section that names the Secret, and in it what names the key. */
  readonly section: Path;
  readonly keyName: string;
  readonly purpose: SecretPurpose;
  readonly secret: string;
  readonly key: string;
  /** What may be generated. Not there for a store of somebody else, where a random password would open nothing. */
  readonly value?: GeneratedValue;
}

/** Every key that pods read, whoever makes it. */
function neededKeys({ database, artifacts, auth }: Sections): NeededKey[] {
  const s3 = artifacts.s3.credentials;
  const of = (section: Path, purpose: SecretPurpose, isOurs: boolean, secret: string) => {
    return (keyName: string, key: string, value: GeneratedValue): NeededKey => {
      const needed = { section, keyName, purpose, secret, key };
      return isOurs ? { ...needed, value } : needed;
    };
  };
  const ofDatabase = of(
    ['database', 'credentials'],
    'database',
    database.embedded !== undefined,
    database.credentials.secret,
  );
  const ofStore = of(['artifacts', 's3', 'credentials'], 'object-store', artifacts.embedded !== undefined, s3.secret);
  const ofLogin = of(['auth'], 'login', true, auth.secret);
  return [
    ofDatabase('usernameKey', database.credentials.usernameKey, { text: 'mlflow' }),
    ofDatabase('passwordKey', database.credentials.passwordKey, { random: 32 }),
    ofStore('accessKeyIdKey', s3.accessKeyIdKey, { random: 20 }),
    ofStore('secretAccessKeyKey', s3.secretAccessKeyKey, { random: 40 }),
    ...(auth.enabled
      ? [
          ofLogin('usernameKey', auth.usernameKey, { text: 'admin' }),
          ofLogin('passwordKey', auth.passwordKey, { random: 24 }),
          ofLogin('flaskSecretKeyKey', auth.flaskSecretKeyKey, { random: 64 }),
          ...auth.users.flatMap((user, index) => {
            const ofUser = of(['auth', 'users', index], 'login', true, user.secret);
            return [
              ofUser('usernameKey', user.usernameKey, { text: user.name }),
              ofUser('passwordKey', user.passwordKey, { random: 24 }),
            ];
          }),
        ]
      : []),
  ];
}

/** The Secrets to generate: all that nobody else can know. Keys of one Secret name are one Secret. */
export function generatedSecrets(sections: Sections): GeneratedSecret[] {
  if (sections.secrets.provider !== 'generated') return [];
  const secrets = new Map<string, GeneratedSecret>();
  for (const { secret: name, key, purpose, value } of neededKeys(sections)) {
    const known = secrets.get(name);
    if (value)
      secrets.set(name, { name, purpose: known?.purpose ?? purpose, values: { ...known?.values, [key]: value } });
  }
  return [...secrets.values()];
}

/** Secrets that cannot be generated as they are named. */
export function secretFaults(sections: Sections): Fault[] {
  if (sections.secrets.provider !== 'generated') return [];
  const keys = neededKeys(sections);
  return brokenChecks(
    keys.flatMap(({ section, keyName, secret, key, value }, index) => [
      {
        path: [...section, keyName],
        broken: keys.slice(0, index).some((other) => other.secret === secret && other.key === key),
        message: `is ${key}, which another value of Secret ${secret} has already (name another key)`,
      },
      {
        path: [...section, 'secret'],
        // Said once, at its first key.
        broken:
          value === undefined &&
          !keys.slice(0, index).some((other) => other.section.join() === section.join()) &&
          keys.some((other) => other.secret === secret && other.value !== undefined),
        message: `is ${secret}, which is generated for other keys, so nobody could make it with yours (name another Secret)`,
      },
    ]),
  );
}

/** What a person should know who has Secrets generated: those that they must still make. */
export function secretWarnings({ secrets, database, artifacts }: Sections): Fault[] {
  const message = (what: string, secret: string) =>
    `is generated, which cannot know the credentials of ${what}; pods wait until somebody makes Secret ${secret}`;
  const path = ['secrets', 'provider'];
  const generated = secrets.provider === 'generated';
  return brokenChecks([
    {
      path,
      broken: generated && !database.embedded,
      message: message('a PostgreSQL of yours', database.credentials.secret),
    },
    {
      path,
      broken: generated && !artifacts.embedded,
      message: message('an object store of yours', artifacts.s3.credentials.secret),
    },
  ]);
}
