import { reservedFor } from '../../../lib/components/shared/contributions/reserved-variables';
import { ownVariables, RESERVED_VARIABLES } from '../../../lib/environment/contributions';
import { FULLEST } from '../../support/fixtures';
import { container, objectsOf, PROGRAMS, podsOf, resolution, resolved, SMALLEST } from '../../support/support';

const withEnv = (env: Readonly<Record<string, string>>, more = {}) => ({ ...SMALLEST, ...more, server: { env } });

describe('a variable of server.env', () => {
  const everything = { garbageCollection: {}, smokeTest: { enabled: true }, monitoring: { metrics: {} } };
  const own = ownVariables(resolved({ ...SMALLEST, ...everything }));
  const reserved = own.filter((variable) => !('value' in variable && variable.adjustable));
  const adjustable = own.filter((variable) => 'value' in variable && variable.adjustable);

  test.each([...new Set(reserved.map(({ name }) => name))])('cannot be %s, which decides what the pods do', (name) => {
    const { issues } = resolution(withEnv({ [name]: 'x' }, everything));
    expect(issues.map(({ path }) => path)).toEqual([['server', 'env', name]]);
  });

  test.each([...new Set(adjustable.map(({ name }) => name))])('may be %s, which only tunes a program', (name) => {
    expect(resolution(withEnv({ [name]: '7' }, everything)).issues).toEqual([]);
  });

  // Found on ad07080: the given value replaced the Secret's and came last, so the administrator's password became the
  // literal text $(MLFLOW_TRACKING_PASSWORD).
  test.each(['MLFLOW_TRACKING_PASSWORD', 'MLFLOW_TRACKING_USERNAME'])(
    'cannot give the administrator a login by %s',
    (name) => {
      expect(resolution(withEnv({ [name]: 'x' })).issues.map(({ path }) => path)).toEqual([['server', 'env', name]]);
      // Without a login nothing of ours depends on it.
      expect(
        resolution(withEnv({ [name]: 'x' }, { auth: { enabled: false }, allow: ['plain-secrets'] })).issues,
      ).toEqual([]);
    },
  );

  test.each([
    ['AWS_ENDPOINT_URL_S3', 'artifacts.s3.endpoint'],
    ['AWS_ENDPOINT_URL', 'artifacts.s3.endpoint'],
    ['AWS_CONFIG_FILE', 'artifacts.s3.credentials'],
    ['AWS_PROFILE', 'artifacts.s3.credentials'],
    ['PGOPTIONS', 'ALTER ROLE'],
    ['PGREQUIRESSL', 'database.tls.mode'],
    ['PGHOST', 'database.host'],
    ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'auth.webhookEncryptionKeyKey'],
    ['MLFLOW_CRYPTO_KEK_PASSPHRASE', 'auth.gatewayPassphraseKey'],
    ['PREPARE_ANYTHING', 'another prefix'],
    ['GC_ANYTHING', 'another prefix'],
  ])('cannot be %s, and the issue says what to use: %s', (name, instead) => {
    const message = expect.stringContaining(instead);
    expect(resolution(withEnv({ [name]: 'x' })).issues).toMatchObject([{ path: ['server', 'env', name], message }]);
  });

  test('is reserved with what to use instead, by every component once', () => {
    const names = RESERVED_VARIABLES.flatMap((each) => each.names);
    expect(new Set(names).size).toBe(names.length);
    for (const { name } of adjustable) expect(reservedFor(name, RESERVED_VARIABLES)).toBeUndefined();
    for (const { instead } of RESERVED_VARIABLES) expect(instead).toMatch(/^(use|set) /);
  });

  test('that another one expands comes first in every container', () => {
    const objects = objectsOf({ ...SMALLEST, server: { env: { A: '$(Z) $(HOME)', Z: 'z' } } }, PROGRAMS);
    for (const pod of podsOf(objects)) {
      for (const { env = [] } of pod.containers) {
        env.forEach(({ value = '' }, index) => {
          const before = new Set(env.slice(0, index).map(({ name }) => name));
          const later = [...value.matchAll(/\$\(([^)]*)\)/g)].flatMap(([, name = '']) =>
            before.has(name) ? [] : name,
          );
          expect(later).toEqual([]);
        });
      }
    }
    expect(container(objects, 'server').env?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Z', 'A']));
  });

  test('is nowhere reserved by hand: the fullest environment has variables of every component', () => {
    expect(ownVariables(resolved(FULLEST)).length).toBeGreaterThan(60);
  });
});
