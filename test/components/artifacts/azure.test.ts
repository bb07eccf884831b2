import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { container, objectsOf, one, podsOf, resolved, variables } from '../../support/support';
import { BACKUP_CLIENT_ID, CLIENT_ID, copiedToAzure, identity, inAzure, TENANT_ID } from './azure';
import { accountsIn, containersOf, providedBy, textsLike } from './rendered';

/** Artifacts in Azure Blob Storage: what is rendered for each login. */

const EVERYTHING: EnvironmentInput = {
  backup: { artifacts: true, destination: { claim: {} } },
  garbageCollection: {},
  smokeTest: { enabled: true },
  monitoring: { metrics: {} },
};
const direct = (input: EnvironmentInput): EnvironmentInput => ({
  ...input,
  artifacts: { ...input.artifacts, access: 'direct' },
});
const USERS = ['prepare', 'server', 'garbage-collection', 'smoke-test', 'backup', 'restore'];
const FOLDER = '/var/run/secrets/azure/tokens';

/** What of all objects names a key of Azure, or a Secret for one. */
const keysIn = (objects: readonly Manifest[]): string[] => textsLike(objects, /ACCESS_KEY|azure-secret|sas/i);

describe.each([
  ['an account key', {}, 'mlflow-azure-secret', 'AZURE_STORAGE_ACCESS_KEY'],
  ['an account key of another name', { credentials: { secret: 'blobs', accountKeyKey: 'key' } }, 'blobs', 'key'],
  ['a SAS', { credentials: { sasTokenKey: 'sas' } }, 'mlflow-azure-secret', 'sas'],
] as const)('with %s', (_, more, secret, key) => {
  const input = direct(inAzure({ prefix: 'team/a', ...more }, { ...EVERYTHING, ...copiedToAzure() }));
  const objects = objectsOf(input);

  test('the server and its Jobs find the container and the key', () => {
    const root = 'wasbs://mlflow@models.blob.core.windows.net/team/a';
    expect(container(objects, 'server').command).toContain(`--default-artifact-root=${root}`);
    expect(variables(container(objects, 'garbage-collection')).GC_ARTIFACT_ROOT).toBe(root);
    const valueFrom = { secretKeyRef: { name: secret, key } };
    for (const name of USERS.slice(0, 4))
      expect(container(objects, name).env).toContainEqual({ name: 'AZURE_STORAGE_ACCESS_KEY', valueFrom });
    for (const name of USERS.slice(4)) {
      const { env } = container(objects, name);
      expect(env).toContainEqual({ name: 'BACKUP_ARTIFACTS_AZURE_STORAGE_ACCESS_KEY', valueFrom });
      expect(env).toContainEqual({ name: 'BACKUP_AZURE_ACCOUNT_URL', value: 'https://copies.blob.core.windows.net' });
    }
  });

  test('the Secret is required, and by nobody generated', () => {
    const { requiredSecrets } = resolved({ ...input, secrets: { provider: 'generated' } });
    const found = requiredSecrets.find(({ name }) => name === secret);
    expect(found?.keys.map((each) => [each.key, each.generated])).toEqual([[key, undefined]]);
  });
});

describe('with Workload Identity', () => {
  const objects = objectsOf(direct(inAzure({ identity: identity() }, EVERYTHING)));

  test.each(['existing', 'generated', 'external'] as const)(
    'and Secrets that are %s, no object has a key',
    (provider) => {
      const secrets = providedBy(provider);
      for (const more of [{}, copiedToAzure({ identity: identity(BACKUP_CLIENT_ID) })])
        expect(
          keysIn(objectsOf(direct(inAzure({ identity: identity() }, { ...EVERYTHING, ...secrets, ...more })))),
        ).toEqual([]);
    },
  );

  test('the account of the server has the client, and all pods that use the store run as it', () => {
    const accounts = accountsIn(objects);
    const annotations = {
      'azure.workload.identity/client-id': CLIENT_ID,
      'azure.workload.identity/tenant-id': TENANT_ID,
    };
    expect(accounts).toEqual([['mlflow', annotations]]);
    for (const { spec } of podsOf(objects)) expect(spec.serviceAccountName).toBe('mlflow');
  });

  test.each(USERS)('the container %s has a token for Microsoft Entra ID, as the webhook would give it', (name) => {
    const each = containersOf(objects).find((found) => found.name === name);
    expect(variables(container(objects, name))).toMatchObject({
      AZURE_CLIENT_ID: CLIENT_ID,
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_FEDERATED_TOKEN_FILE: `${FOLDER}/azure-identity-token`,
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    });
    expect(each?.volumeMounts).toContainEqual({ name: 'azure-identity-token', mountPath: FOLDER, readOnly: true });
    expect(each?.spec.automountServiceAccountToken).toBe(false);
    const token = { audience: 'api://AzureADTokenExchange', expirationSeconds: 3600, path: 'azure-identity-token' };
    expect(each?.spec.volumes).toContainEqual({
      name: 'azure-identity-token',
      projected: { sources: [{ serviceAccountToken: token }] },
    });
  });

  test('other containers have nothing of it, and the webhook is told so', () => {
    const others = containersOf(objects).filter(({ name }) => !USERS.includes(name));
    expect(others.map(({ name }) => name).sort()).toEqual(['metrics', 'postgresql-client', 'postgresql-client']);
    for (const { env = [], volumeMounts = [] } of others) {
      expect(env.filter(({ name }) => name.startsWith('AZURE_'))).toEqual([]);
      expect(volumeMounts.filter(({ name }) => name === 'azure-identity-token')).toEqual([]);
    }
    const template = one(objects, 'Deployment').spec?.template.metadata;
    expect(template?.annotations?.['azure.workload.identity/skip-containers']).toBe('metrics');
    for (const { labels } of podsOf(objects)) expect(labels?.['azure.workload.identity/use']).toBe('true');
  });

  test('backups have a client of their own', () => {
    const own = copiedToAzure({ identity: identity(BACKUP_CLIENT_ID) });
    const both = objectsOf(inAzure({ identity: identity() }, { ...EVERYTHING, ...own }));
    for (const name of ['backup', 'restore']) {
      expect(variables(container(both, name)).AZURE_CLIENT_ID).toBe(BACKUP_CLIENT_ID);
      expect(containersOf(both).find((each) => each.name === name)?.spec.serviceAccountName).toBe('mlflow-backup');
    }
    expect(variables(container(both, 'server')).AZURE_CLIENT_ID).toBe(CLIENT_ID);
  });

  test.each([
    ['china', 'blob.core.chinacloudapi.cn', 'https://login.chinacloudapi.cn/'],
    ['usgovernment', 'blob.core.usgovcloudapi.net', 'https://login.microsoftonline.us/'],
  ] as const)('the cloud %s has its own host names', (cloud, blobs, authority) => {
    const found = objectsOf(inAzure({ cloud, identity: identity() }));
    expect(container(found, 'server').command).toContain(`--artifacts-destination=wasbs://mlflow@models.${blobs}`);
    expect(variables(container(found, 'prepare'))).toMatchObject({
      PREPARE_AZURE_ACCOUNT_URL: `https://models.${blobs}`,
      AZURE_AUTHORITY_HOST: authority,
    });
  });
});
