/** Bases with stores of each kind, and what environments that extend them share. */

export const DATABASE = 'database:\n  host: db.example.com\n  name: ml\n';
export const S3 = 'artifacts:\n  s3:\n    bucket: models\n    prefix: a\n';

export const OTHERS = 'database: { host: other.example.com }\n';
export const OTHER_STORES = 'artifacts: { s3: { bucket: other } }\n';
export const NAMESPACE = 'namespace: { name: stage }\n';

export const backup = (destination: string) => `${DATABASE}${S3}backup:\n  destination:\n    ${destination}\n`;
export const external = 'secrets: { provider: external, external: { prefix: ml/, store: { name: vault } } }\n';
export const remote = (entry: string) =>
  external.replace('store: {', `remote: { mlflow-basic-auth: ${entry} }, store: {`);
const OWN_PREFIX = 'secrets: { external: { prefix: stage/ } }\n';
export const namespaced = external.replace('store: { name', 'store: { kind: SecretStore, name');
const IDENTITY =
  '{ workloadIdentity: { clientId: 3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b, tenantId: 3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b } }';
const azure = `{ account: models, container: runs, identity: ${IDENTITY} }`;

/** Environments with stores that another one could take over, whatever its name. */
export const BASES: Readonly<Record<string, string>> = {
  'a database and a bucket': DATABASE + S3,
  'a container': `${DATABASE}artifacts: { azure: ${azure} }\n`,
  'a bucket of Google': `${DATABASE}artifacts: { gcs: { bucket: models } }\n`,
  'a claim': `${DATABASE}artifacts: { volume: { name: models } }\n`,
  'a backup': backup('{ prefix: nightly, s3: { bucket: backups } }'),
  'claims of embedded stores':
    'secrets: { provider: generated }\ndatabase: { embedded: { storage: { name: x } } }\nartifacts: { embedded: { storage: { name: y } } }\n',
};

/** What two environments share: the base, the file that extends it, and where which warnings are. */
export type SharedCase = readonly [
  what: string,
  base: string,
  stage: string,
  warnings: readonly (readonly [place: string, words: RegExp])[],
];

/** Stores that two environments share. */
export const SHARED: readonly SharedCase[] = [
  [
    'both databases and the bucket',
    DATABASE + S3,
    NAMESPACE,
    [
      [
        '2:3 database.host',
        /databases ml and mlflow_auth at db\.example\.com .* both servers migrate and use the same tables .*set database\.host, or database\.name and database\.authName/,
      ],
      [
        '6:5 artifacts.s3.bucket',
        /folder a of bucket models .* garbage collection of either deletes there .*set artifacts\.s3\.bucket, or artifacts\.s3\.prefix/,
      ],
    ],
  ],
  [
    'one database',
    DATABASE + S3,
    `${NAMESPACE}${OTHER_STORES}database: { name: stage }\n`,
    [['2:3 database.host', /over database mlflow_auth at .* set database\.host, or database\.authName/]],
  ],
  [
    'the database of runs alone without users',
    DATABASE + S3,
    `${NAMESPACE}${OTHER_STORES}auth: { enabled: false }\n`,
    [['2:3 database.host', /over database ml at/]],
  ],
  [
    'the database of an authentication app',
    `${DATABASE}${S3}image: { repository: registry.example.com/mlflow }\nauth: { app: { name: oidc-auth, database: { variable: OIDC_USERS_DB_URI, name: logins } } }\n`,
    `${NAMESPACE}${OTHER_STORES}database: { name: stage }\n`,
    [['2:3 database.host', /over database logins at .*auth\.app\.database\.name/]],
  ],
  [
    'a whole bucket',
    `${DATABASE}artifacts:\n  s3: { bucket: models }\n`,
    NAMESPACE + OTHERS,
    [['5:9 artifacts.s3.bucket', /over bucket models from/]],
  ],
  [
    'a container',
    `${DATABASE}artifacts:\n  azure: ${azure}\n`,
    NAMESPACE + OTHERS,
    [
      [
        '5:29 artifacts.azure.container',
        /over container runs .* set artifacts\.azure\.container, or artifacts\.azure\.prefix/,
      ],
      [
        '5:78 artifacts.azure.identity.workloadIdentity.clientId',
        /over client 3f2b8c1e\S* .* pods of either may open what the other may/,
      ],
    ],
  ],
  [
    'a bucket of Google',
    `${DATABASE}artifacts:\n  gcs: { bucket: models, prefix: a/b }\n`,
    NAMESPACE + OTHERS,
    [['5:10 artifacts.gcs.bucket', /folder a\/b of bucket models/]],
  ],
  [
    'a claim in the same namespace',
    `${DATABASE}artifacts:\n  volume: { name: models }\n`,
    `name: stage\nnamespace: { create: false }\n${OTHERS}`,
    [
      [
        '5:13 artifacts.volume.name',
        /over folder artifacts of claim models .* set artifacts\.volume\.name, or artifacts\.volume\.prefix/,
      ],
    ],
  ],
  [
    'claims of embedded stores and further ones in the same namespace',
    'secrets: { provider: generated }\ndatabase: { embedded: { storage: { name: x } } }\nartifacts: { embedded: { storage: { name: y } } }\nstorage: { data: { name: z } }\n',
    'name: stage\nnamespace: { create: false }\n',
    [
      ['2:36 database.embedded.storage.name', /over claim x .* pods of both use it/],
      ['3:37 artifacts.embedded.storage.name', /over claim y/],
      ['4:20 storage.data.name', /over claim z/],
    ],
  ],
  [
    'the bucket of backups',
    backup('s3: { bucket: backups }'),
    NAMESPACE + OTHERS + OTHER_STORES,
    [
      [
        '10:11 backup.destination.s3.bucket',
        /folder mlflow of bucket backups .* retention of either deletes backups of both .*set backup\.destination\.s3\.bucket, or backup\.destination\.prefix/,
      ],
    ],
  ],
  [
    'a folder of backups, under another name',
    backup('{ prefix: a, gcs: { bucket: backups } }'),
    `name: stage\nnamespace: { create: false }\n${OTHERS}${OTHER_STORES}`,
    [['10:25 backup.destination.gcs.bucket', /folder a of bucket backups/]],
  ],
  [
    'a container of backups',
    backup(`azure: ${azure}`),
    NAMESPACE + OTHERS + OTHER_STORES,
    [
      ['10:31 backup.destination.azure.container', /folder mlflow of container runs/],
      ['10:80 backup.destination.azure.identity.workloadIdentity.clientId', /over client 3f2b8c1e/],
    ],
  ],
  [
    'a claim of backups',
    backup('{ prefix: a, claim: { name: c, create: false } }'),
    `name: stage\nnamespace: { create: false }\n${OTHERS}${OTHER_STORES}`,
    [['10:27 backup.destination.claim.name', /folder a of claim c/]],
  ],
  [
    'passwords of a store',
    `${DATABASE}${S3}${external}`,
    NAMESPACE + OTHERS + OTHER_STORES,
    [
      [
        '8:44 secrets.external.prefix',
        /over prefix ml\/ of ClusterSecretStore vault .* same passwords and keys .*set secrets\.external\.prefix/,
      ],
    ],
  ],
  [
    'passwords without a prefix',
    `${DATABASE}${S3}secrets: { provider: external, external: { store: { name: vault } } }\n`,
    NAMESPACE + OTHERS + OTHER_STORES,
    [['8:32 secrets.external.prefix', /over all names of ClusterSecretStore vault/]],
  ],
  [
    'passwords that have a location of their own',
    `${DATABASE}${S3}${remote('{ key: shared/admin, keys: { MLFLOW_FLASK_SERVER_SECRET_KEY: { key: shared/flask } } }')}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}${OWN_PREFIX}`,
    [
      [
        '8:67 secrets.external.remote.mlflow-basic-auth',
        /over secrets shared\/admin and shared\/flask of ClusterSecretStore vault .* same values of Secret mlflow-basic-auth .*set secrets\.external\.remote\.mlflow-basic-auth\.key and secrets\.external\.remote\.mlflow-basic-auth\.keys\.MLFLOW_FLASK_SERVER_SECRET_KEY\.key;/,
      ],
    ],
  ],
  [
    'passwords of another store, by the prefix',
    `${DATABASE}${S3}${remote('{ store: { name: other } }')}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}`,
    [['8:44 secrets.external.prefix', /over prefix ml\/ of ClusterSecretStores vault and other/]],
  ],
  [
    'what clients get',
    `${DATABASE}${S3}clients: [{ namespace: argo }, { namespace: hub }]\n`,
    NAMESPACE + OTHERS + OTHER_STORES,
    [
      ['8:13 clients[0].namespace', /over ConfigMap mlflow-client in namespace argo .* set clients, or name/],
      ['8:34 clients[1].namespace', /namespace hub/],
    ],
  ],
  [
    'a ConfigMap of clients that does not follow the name',
    `${DATABASE}${S3}clients: [{ namespace: argo, configMap: uri }, { namespace: hub }]\n`,
    `name: stage\nnamespace: { name: stage }\n${OTHERS}${OTHER_STORES}`,
    [['8:13 clients[0].namespace', /over ConfigMap uri in namespace argo .*, set clients; a key/]],
  ],
  [
    'a login of clients that does not follow the name',
    `${DATABASE}${S3}auth: { users: [{ name: ann, permission: READ }] }\n${external}clients: [{ namespace: argo, user: ann, secret: login }]\n`,
    `name: stage\nnamespace: { name: stage }\n${OTHERS}${OTHER_STORES}secrets: { external: { prefix: stage/ } }\n`,
    [['10:13 clients[0].namespace', /over Secret login in namespace argo .* both create it, .*, set clients; a key/]],
  ],
  [
    'an outer Service of a cluster',
    `database: { host: db.pg.svc }\nartifacts:\n  s3: { bucket: models, endpoint: "http://minio.minio.svc:9000" }\n`,
    NAMESPACE,
    [
      ['1:13 database.host', /db\.pg\.svc/],
      ['3:9 artifacts.s3.bucket', /models/],
    ],
  ],
  [
    'names of one word, which are Services of the namespace',
    'database: { host: postgres }\nartifacts:\n  s3: { bucket: models, endpoint: "http://minio:9000" }\n',
    'name: stage\nnamespace: { create: false }\n',
    [
      ['1:13 database.host', /same tables \(/],
      ['3:9 artifacts.s3.bucket', /deletes there \(/],
    ],
  ],
  [
    'names of one word, of which a block may contain the machine',
    'database: { host: postgres }\nartifacts: { s3: { bucket: models } }\nnetworkPolicy: { egress: [{ cidr: 10.0.0.0/8 }] }\n',
    NAMESPACE + OTHER_STORES,
    [['1:13 database.host', /same tables, unless postgres is a Service/]],
  ],
  [
    'names of one word, which are Services or machines',
    'database: { host: postgres }\nartifacts:\n  s3: { bucket: models, endpoint: "http://minio:9000" }\nnetworkPolicy: { enabled: false }\n',
    NAMESPACE,
    [
      ['1:13 database.host', /same tables, unless postgres is a Service beside each of them \(/],
      ['3:9 artifacts.s3.bucket', /deletes there, unless minio is a Service beside each of them \(/],
    ],
  ],
];
