import { type Case, EMBEDDED, external, is, limits, NAME } from './derived-default';

const container = (credentials: object) => ({ account: 'models', container: 'mlflow', credentials });
const azure = (credentials: object) => ({ ...external(), artifacts: { azure: container(credentials) } });
const copied = (credentials: object) => external({ backup: { destination: { azure: container(credentials) } } });

/** What the defaults of databases and artifacts follow from, by key. */
export const STORE_DEFAULTS: Readonly<Record<string, readonly Case[]>> = {
  'database.host': [is(EMBEDDED, ({ database }) => database.host, `${NAME}-database`)],
  'database.embedded.storage.name': [is(EMBEDDED, ({ database }) => database.embedded?.claim.name, `${NAME}-database`)],
  'database.embedded.resources.requests.memory': [
    is(
      { ...EMBEDDED, database: { embedded: { resources: { limits } } } },
      ({ database }) => database.embedded?.resources.requests.memory,
      '4Gi',
    ),
  ],
  'database.credentials.secret': [
    is(external(), ({ database }) => database.credentials.secret, `${NAME}-db-credentials`),
  ],
  'database.create': [
    is(EMBEDDED, ({ database }) => database.create, true),
    is(external(), ({ database }) => database.create, false),
  ],
  'artifacts.embedded.storage.name': [
    is(EMBEDDED, ({ artifacts }) => artifacts.embedded?.claim.name, `${NAME}-object-store`),
  ],
  'artifacts.embedded.resources.requests.memory': [
    is(
      { ...EMBEDDED, artifacts: { embedded: { resources: { limits } } } },
      ({ artifacts }) => artifacts.embedded?.resources.requests.memory,
      '4Gi',
    ),
  ],
  'artifacts.gcs.credentials.secret': [
    is(
      { ...external(), artifacts: { gcs: { bucket: 'mlflow' } } },
      ({ artifacts }) => artifacts.gcs?.credentials?.secret,
      `${NAME}-gcs-key`,
    ),
  ],
  'artifacts.volume.name': [
    is({ ...external(), artifacts: { volume: {} } }, ({ artifacts }) => artifacts.volume?.name, `${NAME}-artifacts`),
  ],
  'artifacts.azure.credentials.secret': [
    is(azure({}), ({ artifacts }) => artifacts.azure?.credentials?.secret, `${NAME}-azure-secret`),
  ],
  'artifacts.azure.credentials.accountKeyKey': [
    is(azure({}), ({ artifacts }) => artifacts.azure?.credentials?.accountKeyKey, 'AZURE_STORAGE_ACCESS_KEY'),
    is(azure({ sasTokenKey: 'sas' }), ({ artifacts }) => artifacts.azure?.credentials?.accountKeyKey, undefined),
  ],
  'backup.destination.azure.credentials.secret': [
    is(copied({}), ({ backup }) => backup?.destination.azure?.credentials?.secret, `${NAME}-backup-azure-secret`),
  ],
  'backup.destination.azure.credentials.accountKeyKey': [
    is(copied({}), ({ backup }) => backup?.destination.azure?.credentials?.accountKeyKey, 'AZURE_STORAGE_ACCESS_KEY'),
    is(
      copied({ sasTokenKey: 'sas' }),
      ({ backup }) => backup?.destination.azure?.credentials?.accountKeyKey,
      undefined,
    ),
  ],
  'artifacts.s3.bucket': [is(EMBEDDED, ({ artifacts }) => artifacts.s3?.bucket, 'mlflow-artifacts')],
  'artifacts.s3.endpoint': [
    is(EMBEDDED, ({ artifacts }) => artifacts.s3?.endpoint, `http://${NAME}-object-store:7070`),
    is(external(), ({ artifacts }) => artifacts.s3?.endpoint, undefined),
  ],
  'artifacts.s3.credentials.secret': [
    is(external(), ({ artifacts }) => artifacts.s3?.credentials?.secret, `${NAME}-s3-secret`),
  ],
  'artifacts.s3.createBucket': [
    is(EMBEDDED, ({ artifacts }) => artifacts.s3?.createBucket, true),
    is(external(), ({ artifacts }) => artifacts.s3?.createBucket, false),
  ],
};
