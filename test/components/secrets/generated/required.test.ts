import type { EnvironmentInput } from '../../../../lib/environment/model';
import { OWN_STORES } from '../../../support/embedded-fixtures';
import { resolution, resolved, SMALLEST } from '../../../support/support';

describe('the Secrets to generate', () => {
  const secretsOf = (input: EnvironmentInput) => resolved({ ...OWN_STORES, ...input }).generatedSecrets;
  const optional = ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'MLFLOW_CRYPTO_KEK_PASSPHRASE'];
  const login = { name: 'mlflow-basic-auth', purpose: 'login' };

  test('are those that no external system knows, with passwords that are long enough', () => {
    const secrets = secretsOf({});
    expect(secrets).toEqual([
      { name: 'mlflow-db-credentials', purpose: 'database', optional: [], copies: [], values: expect.anything() },
      { name: 'mlflow-s3-secret', purpose: 'object-store', optional: [], copies: [], values: expect.anything() },
      { ...login, optional, copies: [], values: expect.anything() },
    ]);
    const lengths = secrets.flatMap(({ values }) =>
      Object.values(values).flatMap((value) => ('random' in value ? [value.random] : [])),
    );
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
    expect(lengths).toHaveLength(6);
  });

  test('are called after the instance, and those of an instance called mlflow as ever', () => {
    const names = (input: EnvironmentInput) => secretsOf(input).map(({ name }) => name);
    expect(names({ name: 'ml' })).toEqual(['ml-db-credentials', 'ml-s3-secret', 'ml-basic-auth']);
    expect(names({ name: 'mlflow' })).toEqual(['mlflow-db-credentials', 'mlflow-s3-secret', 'mlflow-basic-auth']);
    expect(names({})).toEqual(names({ name: 'mlflow' }));
  });

  test('of two instances in one namespace are different ones', () => {
    const [a, b] = ['a', 'b'].map((name) => secretsOf({ name }).map((secret) => secret.name));
    expect(a).toHaveLength(3);
    expect(a?.filter((name) => b?.includes(name))).toEqual([]);
  });

  test('come with a warning for each that you must create, with its name', () => {
    const messages = (input: EnvironmentInput) =>
      resolution({ ...OWN_STORES, ...input }).warnings.map(({ message }) => message);
    expect(messages({})).toEqual([]);
    expect(messages({ ...SMALLEST, name: 'ml' })).toEqual([
      expect.stringMatching(/PostgreSQL.*Secret ml-db-credentials$/),
      expect.stringMatching(/object store.*Secret ml-s3-secret$/),
    ]);
  });

  test('do not include those of external systems', () => {
    const mine = { ...login, optional, copies: [], values: expect.anything() };
    expect(secretsOf(SMALLEST)).toEqual([mine]);
    const values = { [optional[0] ?? '']: { fernet: true }, [optional[1] ?? '']: { random: 64 } };
    expect(secretsOf({ ...SMALLEST, auth: { enabled: false } })).toEqual([{ ...mine, values }]);
    expect(secretsOf({ secrets: { provider: 'existing' } })).toEqual([]);
  });

  test('with one name are one, with all values', () => {
    const [secret, ...others] = secretsOf({ database: { embedded: {}, credentials: { secret: login.name } } });
    expect(others.map(({ name }) => name)).toEqual(['mlflow-s3-secret']);
    expect(secret).toMatchObject({ name: login.name, purpose: 'database' });
    expect(Object.keys(secret?.values ?? {})).toEqual([
      ...['username', 'password'],
      ...['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD', 'MLFLOW_FLASK_SERVER_SECRET_KEY'],
      ...optional,
    ]);
  });
});
