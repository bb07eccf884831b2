import type {
  DeepReadonly,
  GeneratedSecret,
  RequiredSecret,
  ResolvedEnvironment,
  SecretCopy,
} from '../../../environment/resolved-environment';
import { type Issue, violatedChecks } from '../../../input/issue';

/** The account of the Jobs that make Secrets, and all else that belongs to them. */
export const secretGeneratorName = (instance: string): string => `${instance}-secret-generator`;

/** The Secrets to generate: all that nobody else can know, and their copies. */
export function generatedSecrets(
  provider: ResolvedEnvironment['secrets']['provider'],
  required: readonly DeepReadonly<RequiredSecret>[],
): GeneratedSecret[] {
  if (provider !== 'generated') return [];
  return required.flatMap(({ name, keys }) => {
    const values = keys.flatMap(({ key, generated }) => (generated ? [[key, generated] as const] : []));
    const [first] = keys.filter(({ generated }) => generated);
    if (!first) return [];
    return [{ name, purpose: first.purpose, values: Object.fromEntries(values), copies: copiesOf(name, required) }];
  });
}

/** The Secrets of other namespaces that hold values of one of ours. */
function copiesOf(source: string, required: readonly DeepReadonly<RequiredSecret>[]): SecretCopy[] {
  return required.flatMap(({ namespace, name, keys }) => {
    const copied = keys.flatMap(({ key, copies }) => (copies?.secret === source ? [[key, copies.key] as const] : []));
    return copied.length > 0 ? [{ namespace, name, keys: Object.fromEntries(copied) }] : [];
  });
}

/** Secrets that cannot be as they are named, whoever makes them; what is demanded of copies, `checkEnvironment` says. */
export function secretIssues({
  secrets,
  requiredSecrets,
}: Pick<ResolvedEnvironment, 'secrets' | 'requiredSecrets'>): Issue[] {
  // Somebody else may well have one value serve two purposes.
  if (secrets.provider === 'existing') return [];
  return violatedChecks(
    requiredSecrets.flatMap(({ name: secret, keys }) =>
      keys.flatMap(({ section, keyName, key, generated }, index) => [
        {
          path: [...section, keyName],
          // The keys of a copy have fixed names; a client that is named twice is an issue of its own.
          violated: section[0] !== 'clients' && keys.slice(0, index).some((other) => other.key === key),
          message: `is ${key}, which another value of Secret ${secret} has already (name another key)`,
        },
        {
          path: [...section, keyName === 'pullSecret' ? keyName : 'secret'],
          // Said once, at its first key.
          violated:
            secrets.provider === 'generated' &&
            generated === undefined &&
            !keys.slice(0, index).some((other) => other.section.join() === section.join()) &&
            keys.some((other) => other.generated !== undefined),
          message: `is ${secret}, which is generated for other keys, so nobody could make it with yours (name another Secret)`,
        },
      ]),
    ),
  );
}

/** What a person should know who has Secrets generated: those that they must still make. */
export function secretWarnings({
  secrets,
  database,
  artifacts,
  backup,
  image,
}: Pick<ResolvedEnvironment, 'secrets' | 'database' | 'artifacts' | 'backup' | 'image'>): Issue[] {
  const message = (what: string, secret: string) =>
    `is generated, which cannot know the credentials of ${what}; pods wait until somebody makes Secret ${secret}`;
  const path = ['secrets', 'provider'];
  const generated = secrets.provider === 'generated';
  const copies = backup?.destination.s3?.credentials.secret;
  const isShared = copies === artifacts.s3.credentials.secret;
  return violatedChecks([
    {
      path,
      violated: generated && !database.embedded,
      message: message('a PostgreSQL of yours', database.credentials.secret),
    },
    {
      path,
      violated: generated && !artifacts.embedded,
      message: message('an object store of yours', artifacts.s3.credentials.secret),
    },
    {
      path,
      violated: generated && copies !== undefined && !isShared,
      message: message('the store of backups', copies ?? ''),
    },
    {
      path,
      violated: generated && image.pullSecret !== undefined,
      message: message('a registry', image.pullSecret ?? ''),
    },
  ]);
}
