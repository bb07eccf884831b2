import type { Setting } from '../../support/sealing-setting';

/** The key of a value that only an external system knows. */
export const DATABASE = ['mlflow-db-credentials', 'password'] as const;

/** Something for every key, without a question. */
export async function sealAll(lab: Setting): Promise<void> {
  const login = JSON.stringify({ auths: { 'registry.example.com:5000': { username: 'u', password: 'p' } } });
  const values = [
    ['mlflow-db-credentials', 'username', 'mlflow'],
    [...DATABASE, 'database-password'],
    ['mlflow-s3-secret', 'AWS_ACCESS_KEY_ID', 'AKIA0'],
    ['mlflow-s3-secret', 'AWS_SECRET_ACCESS_KEY', 'secret/key'],
    ['registry', '.dockerconfigjson', login],
  ] as const;
  for (const [secret, key, value] of values) {
    expect(await lab.sealValue(value, secret, key)).toMatchObject({ code: 0, stderr: '' });
  }
  expect(await lab.seal('--generate')).toMatchObject({ code: 0, stderr: '' });
}
