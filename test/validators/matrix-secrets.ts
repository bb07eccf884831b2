import type { SecretsExternalInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { DIGEST } from './base';

/** Rows for who makes Secrets, and for the namespaces that are given some. */

/** Two client namespaces of a row alone: objects of other rows would otherwise have the same name in the same place. */
const clients = (row: string): EnvironmentInput => ({
  auth: { users: [{ name: 'notebooks', permission: 'EDIT' }] },
  clients: [
    { namespace: `${row}-notebooks`, user: 'notebooks', configMap: 'tracking', secret: 'tracking-login' },
    { namespace: `${row}-workflows`, user: 'notebooks' },
  ],
});

const external = (settings: Partial<SecretsExternalInput>) =>
  ({ secrets: { provider: 'external', external: { store: { name: 'vault' }, ...settings } } }) as const;

export const SECRETS: Readonly<Record<string, EnvironmentInput>> = {
  sealed: { ...clients('sealed'), image: { pullSecret: 'registry' }, secrets: { provider: 'sealed' } },
  'sealed-strict': { secrets: { provider: 'sealed', sealed: { certificate: 'controller.pem', scope: 'strict' } } },
  'sealed-namespace-wide': {
    ...clients('sealed-namespace-wide'),
    secrets: { provider: 'sealed', sealed: { scope: 'namespace-wide' } },
  },
  'sealed-cluster-wide': { secrets: { provider: 'sealed', sealed: { scope: 'cluster-wide' } } },
  'sealed-own-stores': {
    database: { host: undefined, embedded: { image: { digest: DIGEST } } },
    secrets: { provider: 'sealed' },
  },
  mixed: {
    ...clients('mixed'),
    image: { pullSecret: 'registry' },
    database: { credentials: { secret: 'mlflow-pg-app' } },
    secrets: {
      provider: 'sealed',
      overrides: {
        'mlflow-pg-app': { provider: 'existing' },
        'mlflow-s3-secret': { provider: 'external' },
        'mlflow-user-notebooks': { provider: 'generated' },
        registry: { provider: 'sealed' },
      },
      external: {
        store: { name: 'vault' },
        remote: { 'mlflow-s3-secret': { store: { name: 'stores', kind: 'SecretStore' } } },
      },
    },
  },
  external: { ...clients('external'), image: { pullSecret: 'registry' }, ...external({}) },
  'external-policies': external({
    store: { name: 'vault', kind: 'SecretStore' },
    refreshInterval: '15m0s',
    prefix: 'team/',
    creationPolicy: 'Orphan',
    deletionPolicy: 'Delete',
    remote: {
      'mlflow-basic-auth': {
        key: 'people/mlflow',
        version: '7',
        keys: { MLFLOW_FLASK_SERVER_SECRET_KEY: { key: 'people/flask', property: 'text', version: '3' } },
      },
    },
  }),
  'external-merged': external({
    store: { name: 'vault', kind: 'ClusterSecretStore' },
    creationPolicy: 'Merge',
    deletionPolicy: 'Merge',
  }),
  'external-owned': external({ creationPolicy: 'Owner', deletionPolicy: 'Retain' }),
  'generated-clients': { ...clients('generated-clients'), secrets: { provider: 'generated' } },
  'clients-direct': { ...clients('clients-direct'), artifacts: { access: 'direct' } },
};
