import { join } from 'node:path';
import { adminPassword, synthesizeText } from '../homelab';
import { applyObjects, CREDENTIALS, namespace, ROOT, secret } from '../lab';

/** An environment whose Secrets come from four sources at once, and what creates them. */

export const SOURCES = 'mlflow-sources';
export const CLIENTS = 'lab-notebooks';
export const NAMESPACES = [SOURCES, CLIENTS, 'stores'];

/** The administrator's password, which is sealed. */
export const ADMIN_PASSWORD = 'sealed: p%ss "w" $(X)';

const HOMELAB = join(ROOT, 'environments', 'homelab');

const ENVIRONMENT = `namespace: { name: ${SOURCES} }
server: { resources: { limits: { memory: 1536Mi } } }
database:
  host: postgres.example.com
  name: sources
  authName: sources_auth
  credentials: { secret: mlflow-pg-app }
  tls: { mode: require }
artifacts: { embedded: {} }
auth: { users: [{ name: notebooks, permission: EDIT }] }
clients: [{ namespace: ${CLIENTS}, user: notebooks }]
secrets:
  provider: sealed
  overrides:
    mlflow-pg-app: { provider: existing }
    mlflow-s3-secret: { provider: external }
    mlflow-user-notebooks: { provider: generated }
  external:
    store: { name: stores, kind: SecretStore }
    remote: { mlflow-s3-secret: { key: object-store } }
`;

/** Synthesizes it; the values of the login are sealed. */
export const synthesizeSources = () =>
  synthesizeText(
    'sources',
    ENVIRONMENT,
    {
      'sealing-certificate.pem': join(HOMELAB, 'sealing-certificate.pem'),
      'objects/stores.yaml': join(__dirname, 'sources-objects.yaml'),
    },
    [
      ['mlflow-basic-auth', 'MLFLOW_TRACKING_USERNAME', 'admin'],
      ...adminPassword(ADMIN_PASSWORD),
      ['mlflow-basic-auth', 'MLFLOW_FLASK_SERVER_SECRET_KEY', CREDENTIALS.flaskKey],
    ],
  );

/** The Secret of PostgreSQL's operator, with the keys that CloudNativePG writes. */
export const applyDatabaseSecret = () => {
  const { databaseUser: username, databasePassword: password } = CREDENTIALS;
  const [host, port, dbname] = ['postgres', '5432', 'sources'];
  const uri = `postgresql://${encodeURIComponent(username)}:${encodeURIComponent(password)}@${host}:${port}/${dbname}`;
  const values = { username, user: username, password, host, port, dbname, uri };
  return applyObjects([secret(SOURCES, 'mlflow-pg-app', values, 'kubernetes.io/basic-auth')]);
};

/** The Secret that the store of the environment reads in another namespace, and the permission to read it. */
export const applyStore = (secretKey: string) => {
  const metadata = { name: 'secret-reader', namespace: 'stores' };
  const apiGroup = 'rbac.authorization.k8s.io';
  return applyObjects([
    namespace('stores'),
    namespace(CLIENTS),
    secret('stores', 'object-store', { AWS_ACCESS_KEY_ID: 'of-the-store', AWS_SECRET_ACCESS_KEY: secretKey }),
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup, kind: 'Role', name: 'secret-reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'secret-reader', namespace: SOURCES }],
    },
  ]);
};
