import { applyObjects, CREDENTIALS, kubectl, secret } from './lab';

/** The administrator's password. */
export const PASSWORD = 'the administrator: p%ss "w" $(X)';

/** The password of each user of lesser privilege. */
export const USER_PASSWORD = 'of a user: p%ss "w" $(X)';

/** What the vault contains, which the lab lacks: properties by the name of the secret. */
export const VAULT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'registry-credentials': { dockerconfigjson: '{"auths":{}}' },
  'mlflow-db-credentials': { username: CREDENTIALS.databaseUser, password: CREDENTIALS.databasePassword },
  'mlflow-s3-secret': { AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey },
  'mlflow-basic-auth': {
    MLFLOW_TRACKING_USERNAME: 'admin',
    MLFLOW_TRACKING_PASSWORD: PASSWORD,
    MLFLOW_FLASK_SERVER_SECRET_KEY: CREDENTIALS.flaskKey,
    MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: `${'webhooks'.repeat(5)}key=`,
    MLFLOW_CRYPTO_KEK_PASSPHRASE: 'any long random text',
  },
  'mlflow-backup-s3-secret': {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey,
  },
  'mlflow-oidc': { 'client-secret': 'of the client: p%ss "w" $(X)' },
  'mlflow-oauth2-proxy': { 'cookie-secret': 'c'.repeat(32), 'proxy-password': 'of the proxy: p%ss "w" $(X)' },
  'mlflow-metrics': { username: 'metrics', password: USER_PASSWORD },
  'mlflow-user-notebooks': { MLFLOW_TRACKING_USERNAME: 'notebooks', MLFLOW_TRACKING_PASSWORD: USER_PASSWORD },
  'mlflow-user-workflows': { MLFLOW_TRACKING_USERNAME: 'workflows', MLFLOW_TRACKING_PASSWORD: USER_PASSWORD },
};

interface ExternalSecret {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly secretStoreRef: { readonly name: string; readonly kind: string };
    readonly target: { readonly name: string; readonly template: { readonly type: string } };
    readonly data: readonly { readonly secretKey: string; readonly remoteRef: { key: string; property: string } }[];
  };
}

/** Plays the External Secrets operator once: makes the Secret of every ExternalSecret that was applied, as it says. */
export async function playOperator(): Promise<void> {
  const { items } = JSON.parse(await kubectl(['get', 'externalsecrets', '-A', '-o', 'json'])) as {
    items: ExternalSecret[];
  };
  await applyObjects(
    items.map(({ metadata: { namespace: where }, spec: { secretStoreRef, target, data } }) => {
      if (secretStoreRef.kind !== 'ClusterSecretStore' || secretStoreRef.name !== 'vault')
        throw new Error('no such store');
      const values = data.map(({ secretKey, remoteRef: { key, property } }) => {
        const value = VAULT[key.replace(/^mlflow\/production\//, '')]?.[property];
        if (value === undefined) throw new Error(`the vault has no ${property} of ${key}`);
        return [secretKey, value] as const;
      });
      return secret(where, target.name, Object.fromEntries(values), target.template.type);
    }),
  );
}
