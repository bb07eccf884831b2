import { issuesOf, testChecks } from '../../support/checks';
import { OWN_STORES } from '../../support/embedded-fixtures';
import { SMALLEST } from '../../support/support';

const embedded = {};
const bucket = 'artifacts';
const generated = { provider: 'generated' } as const;

testChecks([
  [
    'a Secret that would be generated for a store of somebody else',
    { ...OWN_STORES, database: { host: 'postgres', credentials: { secret: 'mlflow-basic-auth' } } },
    /^database\.credentials\.secret: is mlflow-basic-auth, .*a generated Secret.* \(use another Secret\)$/,
    { ...OWN_STORES, database: { host: 'postgres', credentials: { secret: 'mlflow-postgres' } } },
  ],
  [
    'the same for an object store',
    { ...OWN_STORES, artifacts: { s3: { bucket, credentials: { secret: 'all' } } }, auth: { secret: 'all' } },
    /^artifacts\.s3\.credentials\.secret: is all, /,
    // A Secret of one's own for both stores, and one that is generated beside it.
    {
      ...SMALLEST,
      secrets: generated,
      database: { host: 'postgres', credentials: { secret: 'all' } },
      artifacts: { s3: { bucket, credentials: { secret: 'all' } } },
    },
  ],
  [
    'one key for the user name and the password of a generated Secret',
    { ...OWN_STORES, database: { embedded, credentials: { usernameKey: 'key', passwordKey: 'key' } } },
    /^database\.credentials\.passwordKey: is key, .*Secret mlflow-db-credentials .*use another key/,
    { ...OWN_STORES, database: { embedded, credentials: { usernameKey: 'key', passwordKey: 'word' } } },
  ],
  [
    'one key for values of two sections that share a generated Secret',
    {
      ...OWN_STORES,
      artifacts: { embedded, s3: { credentials: { secret: 'all', secretAccessKeyKey: 'key' } } },
      auth: { secret: 'all', flaskSecretKeyKey: 'key' },
    },
    /^auth\.flaskSecretKeyKey: is key, .*Secret all /,
    {
      ...OWN_STORES,
      artifacts: { embedded, s3: { credentials: { secret: 'one', secretAccessKeyKey: 'key' } } },
      auth: { secret: 'other', flaskSecretKeyKey: 'key' },
    },
  ],
  [
    'one key for values of two sections, the login among them',
    { ...OWN_STORES, auth: { secret: 'mlflow-db-credentials', usernameKey: 'username' } },
    /^auth\.usernameKey: is username, /,
    // Where nobody logs in, no login is generated.
    { ...OWN_STORES, auth: { enabled: false, secret: 'mlflow-db-credentials', usernameKey: 'username' } },
  ],
]);

test('keys of a Secret of an external system may be the same', () => {
  const credentials = { usernameKey: 'key', passwordKey: 'key' };
  expect(issuesOf({ ...OWN_STORES, database: { embedded, credentials }, secrets: { provider: 'existing' } })).toEqual(
    [],
  );
  expect(issuesOf({ ...SMALLEST, name: 'n'.repeat(40) })).toEqual([]);
  expect(issuesOf({ ...SMALLEST, name: 'n'.repeat(40), secrets: generated })).toHaveLength(1);
});
