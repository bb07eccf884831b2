import { brokenChecks, type Fault } from '../environment/fault';
import type { Environment } from '../environment/schema';

/** A value of a generated Secret: a fixed text, or so many random letters and digits. */
export type GeneratedValue = { readonly text: string } | { readonly random: number };

/** A Secret that a Job in the cluster makes when it is missing. */
export interface GeneratedSecret {
  readonly name: string;
  /** What it is for, in the words that name its Job. */
  readonly purpose: 'database' | 'object-store' | 'login';
  readonly values: Readonly<Record<string, GeneratedValue>>;
}

/**
 * The Secrets to generate: all that nobody else can know. Credentials of a database or a store outside of the instance
 * are not among them, since a random password would open nothing there.
 */
export function generatedSecrets({ secrets, database, artifacts, auth }: Environment): GeneratedSecret[] {
  if (secrets.provider !== 'generated') return [];
  const { credentials } = artifacts.s3;
  const wanted: GeneratedSecret[] = [
    ...(database.embedded
      ? [
          {
            name: database.credentials.secret,
            purpose: 'database' as const,
            values: {
              [database.credentials.usernameKey]: { text: 'mlflow' },
              [database.credentials.passwordKey]: { random: 32 },
            },
          },
        ]
      : []),
    ...(artifacts.embedded
      ? [
          {
            name: credentials.secret,
            purpose: 'object-store' as const,
            values: { [credentials.accessKeyIdKey]: { random: 20 }, [credentials.secretAccessKeyKey]: { random: 40 } },
          },
        ]
      : []),
    ...(auth.enabled
      ? [
          {
            name: auth.secret,
            purpose: 'login' as const,
            values: {
              [auth.usernameKey]: { text: 'admin' },
              [auth.passwordKey]: { random: 24 },
              [auth.flaskSecretKeyKey]: { random: 64 },
            },
          },
        ]
      : []),
  ];
  return byName(wanted);
}

/** Those with one name are one Secret with all keys. */
function byName(wanted: readonly GeneratedSecret[]): GeneratedSecret[] {
  const names = [...new Set(wanted.map(({ name }) => name))];
  return names.flatMap((name) => {
    const same = wanted.filter((secret) => secret.name === name);
    const values = Object.assign({}, ...same.map((secret) => secret.values)) as GeneratedSecret['values'];
    return same.slice(0, 1).map(({ purpose }) => ({ name, purpose, values }));
  });
}

/** What a person should know who has Secrets generated: those that they must still make. */
export function secretWarnings({ secrets, database, artifacts }: Environment): Fault[] {
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
