import type { EnvironmentInput } from '../../../lib/environment/model';
import { composeEnvironment } from '../../../lib/synth/compose';
import { explainSecrets } from '../../../lib/synth/explain/secrets';
import { issuesOf, testChecks } from '../../support/checks';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { sealedOf } from '../../support/sealed-secrets';
import { filesOf, objectsOf, podsOf, resolution, resolved, SMALLEST } from '../../support/support';

/** Secrets of one environment from several providers. */

type Overrides = NonNullable<NonNullable<EnvironmentInput['secrets']>['overrides']>;
const external = { store: { name: 'vault' } };
const mixed = (overrides: Overrides, more: EnvironmentInput['secrets'] = {}): EnvironmentInput => ({
  ...SMALLEST,
  secrets: { overrides, ...more },
});
const DATABASE = 'mlflow-db-credentials';

testChecks([
  [
    'a Secret that the environment does not have',
    mixed({ 'mlflow-db-credential': { provider: 'existing' } }),
    /^secrets\.overrides\.mlflow-db-credential: is not a Secret of this environment \(did you mean mlflow-db-credentials\?\)$/,
    mixed({ [DATABASE]: { provider: 'existing' } }),
  ],
  [
    'a Secret from a store that is not set',
    mixed({ [DATABASE]: { provider: 'external' } }),
    /^secrets\.external: is missing \(set the store/,
    mixed({ [DATABASE]: { provider: 'external' } }, { external }),
  ],
  [
    'a store from which no Secret comes',
    mixed({ [DATABASE]: { provider: 'sealed' } }, { external }),
    /^secrets\.external: is set, but no Secret has the provider external \(set it in secrets\.provider or secrets\.overrides, or remove this\)$/,
    mixed({ [DATABASE]: { provider: 'external' } }, { external }),
  ],
  [
    'settings of sealing without a sealed Secret',
    mixed({ [DATABASE]: { provider: 'existing' } }, { sealed: { scope: 'cluster-wide' } }),
    /^secrets\.sealed: is set, but no Secret has the provider sealed /,
    mixed({ [DATABASE]: { provider: 'sealed' } }, { sealed: { scope: 'cluster-wide' } }),
  ],
  [
    'the location in a store of a Secret that comes from elsewhere',
    mixed(
      { [DATABASE]: { provider: 'existing' } },
      { provider: 'external', external: { ...external, remote: { [DATABASE]: { key: 'x' } } } },
    ),
    /^secrets\.external\.remote\.mlflow-db-credentials: is set, but Secret mlflow-db-credentials has the provider existing \(set secrets\.overrides\.mlflow-db-credentials\.provider: external, or remove it\)$/,
    mixed(
      { [DATABASE]: { provider: 'external' } },
      { external: { ...external, remote: { [DATABASE]: { key: 'x' } } } },
    ),
  ],
  [
    'credentials of another system that would be generated',
    mixed({ [DATABASE]: { provider: 'generated' } }),
    /^secrets\.overrides\.mlflow-db-credentials\.provider: is generated, which cannot provide the credentials of your PostgreSQL \(use existing, sealed or external\)$/,
    { ...mixed({ [DATABASE]: { provider: 'generated' } }), database: { embedded: {} } },
  ],
  [
    'one key for two values of a Secret that is sealed in place of the others',
    {
      ...mixed({ [DATABASE]: { provider: 'sealed' } }),
      database: { host: 'postgres', credentials: { usernameKey: 'a', passwordKey: 'a' } },
    },
    /^database\.credentials\.passwordKey: is a, which already has another value in Secret mlflow-db-credentials/,
    // An operator may use one value for both.
    {
      ...mixed({ [DATABASE]: { provider: 'existing' } }, { provider: 'sealed' }),
      database: { host: 'postgres', credentials: { usernameKey: 'a', passwordKey: 'a' } },
    },
  ],
]);

test('a name is limited by a single generated Secret', () => {
  const login: Overrides = { [`${'n'.repeat(40)}-basic-auth`]: { provider: 'generated' } };
  expect(issuesOf({ ...mixed(login), name: 'n'.repeat(40) })).toEqual([
    expect.stringMatching(/^name: has 40 characters/),
  ]);
});

test('a Secret that you create is no reason for a warning when the environment says so', () => {
  const warnings = (input: EnvironmentInput) => resolution(input).warnings.map(({ message }) => message);
  const generated = { provider: 'generated' } as const;
  const own: EnvironmentInput = { ...SMALLEST, artifacts: { embedded: {} } };
  expect(warnings({ ...own, secrets: generated })).toEqual([expect.stringContaining(`create Secret ${DATABASE}`)]);
  expect(warnings({ ...own, secrets: { ...generated, overrides: { [DATABASE]: { provider: 'existing' } } } })).toEqual(
    [],
  );
});

describe('three providers at once', () => {
  const input: EnvironmentInput = {
    ...SMALLEST,
    auth: { users: [{ name: 'ann', permission: 'READ' }] },
    clients: [{ namespace: 'lab', user: 'ann' }],
    secrets: {
      provider: 'external',
      overrides: { [DATABASE]: { provider: 'existing' }, 'mlflow-basic-auth': { provider: 'generated' } },
      external: {
        ...external,
        remote: { 'mlflow-user-ann': { store: { name: 'people', kind: 'SecretStore' }, key: 'ann' } },
      },
    },
  };

  test('each creates its own Secrets', () => {
    const objects = objectsOf(input, SHORT_PROGRAMS);
    const stores = objects.flatMap(({ kind, metadata, spec }) =>
      kind === 'ExternalSecret'
        ? [[`${metadata.namespace}/${metadata.name}`, (spec as { secretStoreRef?: unknown }).secretStoreRef] as const]
        : [],
    );
    expect(Object.fromEntries(stores)).toEqual({
      'mlflow/mlflow-s3-secret': { name: 'vault', kind: 'ClusterSecretStore' },
      'mlflow/mlflow-user-ann': { name: 'people', kind: 'SecretStore' },
      'lab/mlflow-client': { name: 'people', kind: 'SecretStore' },
    });
    const jobs = podsOf(objects.filter(({ kind }) => kind === 'Job'));
    expect(jobs.map(({ owner }) => owner.metadata.name.replace(/-[0-9a-f]{8}$/, ''))).toEqual(['mlflow-login-secret']);
  });

  test('are explained Secret by Secret', () => {
    const files = filesOf(input, SHORT_PROGRAMS);
    const lines = explainSecrets({ name: 'team', environment: resolved(input) } as never, files);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      '# team: 5 Secrets, providers existing, external, generated',
      'mlflow/mlflow-db-credentials (Opaque): you create it, or another tool',
      'mlflow/mlflow-s3-secret (Opaque): the External Secrets operator creates it, from ClusterSecretStore vault',
      'mlflow/mlflow-basic-auth (Opaque): a Job creates it if it is missing',
      'mlflow/mlflow-user-ann (Opaque): the External Secrets operator creates it, from SecretStore people',
      'lab/mlflow-client (Opaque): the External Secrets operator creates it, from SecretStore people',
      '# team: what else must exist, which the output names and does not create',
    ]);
  });
});

describe('a SealedSecret of your own', () => {
  const spec = { encryptedData: { username: 'AgB4', password: 'AgB4' } };
  const metadata = { name: DATABASE };
  const manifest = { apiVersion: 'bitnami.com/v1alpha1', kind: 'SealedSecret', metadata, spec };
  const issues = (input: EnvironmentInput) =>
    composeEnvironment(resolved(input), SHORT_PROGRAMS, [], [{ manifest }]).issues.map(({ message }) => message);

  test('is refused for a Secret that a Job generates', () => {
    const own: EnvironmentInput = { ...SMALLEST, database: { embedded: {} }, secrets: { provider: 'generated' } };
    const fix = `keep one, or set secrets.overrides.${DATABASE}.provider: existing for one of your own`;
    expect(issues(own)).toEqual([expect.stringContaining(`creates Secret ${DATABASE}, as a Job does (${fix}) [rule`)]);
    const overrides: Overrides = { [DATABASE]: { provider: 'existing' } };
    expect(issues({ ...own, secrets: { provider: 'generated', overrides } })).toEqual([]);
  });

  test('is the source of a Secret that exists', () => {
    expect(issues(SMALLEST)).toEqual([]);
  });

  test('is the source of credentials that no Job can generate', () => {
    const own: EnvironmentInput = { ...SMALLEST, secrets: { provider: 'generated' } };
    expect(resolution(own).warnings.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(`pods wait until you create Secret ${DATABASE}`),
    );
    expect(issues(own)).toEqual([]);
    const { files } = composeEnvironment(resolved(own), SHORT_PROGRAMS, [], [{ manifest }]);
    const lines = explainSecrets({ name: 'team', environment: resolved(own) } as never, files);
    expect(lines).toContain(`mlflow/${DATABASE} (Opaque): SealedSecret ${DATABASE} creates it`);
  });
});

test('a chart takes no sealed values for a Secret of another provider', () => {
  const environment = resolved(mixed({ [DATABASE]: { provider: 'existing' } }, { provider: 'sealed' }));
  const all = resolved({ ...SMALLEST, secrets: { provider: 'sealed' } });
  expect(composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(environment)).issues).toEqual([]);
  expect(() => composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(all))).toThrow(
    /secrets: has other providers for mlflow\/mlflow-db-credentials of sealedSecrets \(remove them there\)/,
  );
});
