import { LAB, Setting } from '../../support/sealing-setting';

/** Keys that encrypt what is in the database: sealed once, and replaced only if you name them. */

const WEBHOOKS = 'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY';
const GATEWAY = 'MLFLOW_CRYPTO_KEK_PASSPHRASE';
const LOGIN = 'mlflow-basic-auth';

let lab: Setting;
beforeEach(() => {
  lab = new Setting({ ...LAB, image: { repository: 'own/mlflow', tag: '3.18.0' } });
});
const sealedValue = (key: string) => lab.opened[`mlflow/${LOGIN} ${key}`];

test('the key of webhooks is generated in its form, and the passphrase of the gateway only if it is named', async () => {
  expect(await lab.seal(LOGIN, '--generate')).toMatchObject({ code: 0 });
  expect(sealedValue(WEBHOOKS)).toMatch(/^[\w-]{43}=$/);
  expect(sealedValue(GATEWAY)).toBeUndefined();
  expect((await lab.seal('--status')).stdout).toMatch(new RegExp(`${GATEWAY} +optional`));
  expect(await lab.seal(LOGIN, GATEWAY, '--generate')).toMatchObject({ code: 0 });
  expect(sealedValue(GATEWAY)).toMatch(/^[A-Za-z0-9]{64}$/);
});

test('a Secret that is re-sealed keeps them, because what is in the database needs them', async () => {
  await lab.seal(LOGIN, '--generate');
  await lab.seal(LOGIN, GATEWAY, '--generate');
  const before = { ...lab.opened };
  await lab.seal(LOGIN, '--generate');
  expect(lab.opened).not.toEqual(before);
  for (const key of [WEBHOOKS, GATEWAY]) expect(sealedValue(key)).toBe(before[`mlflow/${LOGIN} ${key}`]);
  await lab.seal(LOGIN, WEBHOOKS, '--generate');
  expect(sealedValue(WEBHOOKS)).not.toBe(before[`mlflow/${LOGIN} ${WEBHOOKS}`]);
});

test('a key with which the server would not start is refused', async () => {
  expect(await lab.sealValue('any long random text, but no key', LOGIN, WEBHOOKS)).toMatchObject({
    code: 1,
    issues: [expect.stringMatching(/is not 32 bytes as URL-safe base64.* \(use --generate, or openssl/)],
  });
});
