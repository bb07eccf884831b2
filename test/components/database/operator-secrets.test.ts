import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { composeEnvironment } from '../../../lib/synth/compose';
import { explainSecrets } from '../../../lib/synth/explain/secrets';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { sealedOf } from '../../support/sealed-secrets';
import { podsOf, ROOT, resolved, SMALLEST } from '../../support/support';

/** The Secrets of PostgreSQL's operators, as `docs/database-operators.md` says they are named. */

interface Operator {
  readonly database: NonNullable<EnvironmentInput['database']>;
  /** Key of the user in the Secret; undefined where the name is plain. */
  readonly user: string | undefined;
  readonly ca?: string;
}

const verified = (secret: string) => ({ mode: 'verify-full', ca: { secret } }) as const;

const OPERATORS: Readonly<Record<string, Operator>> = {
  CloudNativePG: {
    database: { host: 'pg-rw', credentials: { secret: 'pg-app' }, tls: verified('pg-ca') },
    user: 'username',
    ca: 'pg-ca',
  },
  Zalando: {
    database: {
      host: 'acid-mlflow',
      credentials: { secret: 'mlflow-user.acid-mlflow.credentials.postgresql.acid.zalan.do' },
      tls: { mode: 'require' },
    },
    user: 'username',
  },
  Crunchy: {
    database: {
      host: 'hippo-primary.mlflow.svc',
      credentials: { secret: 'hippo-pguser-mlflow', usernameKey: 'user' },
      tls: verified('hippo-cluster-cert'),
    },
    user: 'user',
    ca: 'hippo-cluster-cert',
  },
  'a chart': {
    database: {
      host: 'db-postgresql',
      credentials: { secret: 'db-postgresql', username: 'mlflow_user', passwordKey: 'password' },
    },
    user: undefined,
  },
};

const DEFAULTS = ['existing', 'generated', 'sealed', 'external'] as const;

describe.each(Object.entries(OPERATORS))('a Secret of %s', (_, { database, user, ca }) => {
  const secret = database.credentials?.secret ?? '';

  test.each(DEFAULTS)('is read by name and key beside the provider %s, and not created', (provider) => {
    const external = { store: { name: 'vault' } };
    const overrides = { [secret]: { provider: 'existing' } } as const;
    const environment = resolved({
      ...SMALLEST,
      database,
      artifacts: { embedded: {} },
      secrets: { provider, overrides, ...(provider === 'external' ? { external } : {}) },
    });
    const { files, issues, warnings } = composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(environment));
    expect([issues, warnings]).toEqual([[], []]);
    const objects = files.flatMap((file) => file.objects);
    expect(JSON.stringify(objects.filter(({ kind }) => /Secret$|^Job$/.test(kind)))).not.toContain(secret);
    const [line] = explainSecrets({ name: 'team', environment }, files).filter((each) => each.includes(secret));
    expect(line).toBe(`mlflow/${secret} (Opaque): you create it, or another tool`);

    const server = podsOf(objects).find(({ owner }) => owner.kind === 'Deployment');
    const references = (server?.containers ?? []).flatMap(({ env = [] }) =>
      env.flatMap(({ name, value, valueFrom }) =>
        /^MLFLOW_DB_/.test(name) ? [`${name}=${value ?? Object.values(valueFrom?.secretKeyRef ?? {}).join()}`] : [],
      ),
    );
    const keyOf = (key: string) => Object.values({ key, name: secret }).join();
    expect(new Set(references)).toEqual(
      new Set([
        `MLFLOW_DB_USERNAME=${user === undefined ? 'mlflow_user' : keyOf(user)}`,
        `MLFLOW_DB_PASSWORD=${keyOf('password')}`,
      ]),
    );
    // Beside the certificate, such a Secret contains a private key.
    const mounted = (server?.spec.volumes ?? []).flatMap((volume) => (volume.secret ? [volume.secret] : []));
    expect(mounted.filter(({ secretName }) => secretName === ca)).toEqual(
      ca ? [{ secretName: ca, items: [{ key: 'ca.crt', path: 'ca.crt' }] }] : [],
    );
  });
});

test('every operator of the page is one of them', () => {
  const page = readFileSync(join(ROOT, 'docs', 'database-operators.md'), 'utf8');
  const [, ...columns] = /^\| +\|(.*)\|$/m.exec(page)?.[1]?.split('|') ?? [];
  expect(columns.length + 1).toBe(Object.keys(OPERATORS).length);
});
