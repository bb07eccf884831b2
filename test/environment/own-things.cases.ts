import {
  backup,
  DATABASE,
  external,
  NAMESPACE,
  namespaced,
  OTHER_STORES,
  OTHERS,
  remote,
  S3,
} from './taken-over.cases';

/** What is no accident, or is not the same: the base, and the file that extends it. */
export const SILENT: readonly (readonly [string, string, string])[] = [
  ['every store is its own', DATABASE + S3, NAMESPACE + OTHERS + OTHER_STORES],
  ['the keys are written with the same values', DATABASE + S3, `${NAMESPACE}${DATABASE}  authName: mlflow_auth\n${S3}`],
  ['the host is written', DATABASE + S3, `${NAMESPACE}${OTHER_STORES}database: { host: db.example.com }\n`],
  ['the port is written', DATABASE + S3, `${NAMESPACE}${OTHER_STORES}database: { port: 5433 }\n`],
  ['the folder is written', DATABASE + S3, `${NAMESPACE}${OTHERS}artifacts: { s3: { prefix: b } }\n`],
  ['the folder is removed', DATABASE + S3, `${NAMESPACE}${OTHERS}artifacts: { s3: { prefix: null } }\n`],
  ['the store is another', DATABASE + S3, `${NAMESPACE}${OTHERS}artifacts: { s3: null, gcs: { bucket: models } }\n`],
  [
    'the endpoint is another',
    DATABASE + S3,
    `${NAMESPACE}${OTHERS}artifacts: { s3: { endpoint: "https://s3.example.com" } }\n`,
  ],
  [
    'embedded stores in another namespace',
    'secrets: { provider: generated }\ndatabase: { embedded: {} }\nartifacts: { embedded: {} }\n',
    NAMESPACE,
  ],
  [
    'embedded stores under another name',
    'secrets: { provider: generated }\ndatabase: { embedded: {} }\nartifacts: { embedded: {} }\n',
    'name: stage\nnamespace: { create: false }\n',
  ],
  [
    'Services of another cluster',
    `database: { host: db.pg.svc }\nartifacts:\n  s3: { bucket: models, endpoint: "http://minio.minio.svc:9000" }\n`,
    'namespace: { name: mlflow }\n',
  ],
  [
    'claims and clients of another cluster',
    `artifacts: { volume: { name: x } }\ndatabase: { host: a.b.svc }\nclients: [{ namespace: argo }]\n`,
    'namespace: { name: mlflow }\n',
  ],
  ...['{}', '{ egress: [{ namespace: databases }] }'].flatMap((policy): [string, string, string][] => {
    const base = `database: { host: postgres }\nartifacts: { s3: { bucket: models, endpoint: "http://minio:9000" } }\nnetworkPolicy: ${policy}\n`;
    return [
      [`names of one word in another namespace, to which a policy leads: ${policy}`, base, NAMESPACE],
      [`names of one word in another cluster: ${policy}`, base, 'namespace: { name: mlflow }\n'],
    ];
  }),
  ['claims in another namespace', `${DATABASE}artifacts: { volume: { name: models } }\n`, NAMESPACE + OTHERS],
  ...[
    'remote: { mlflow-basic-auth: { key: shared/admin } }',
    'remote: { mlflow-basic-auth: { key: stage/admin } }',
    'remote: { mlflow-basic-auth: null }',
    'remote: { mlflow-basic-auth: { key: null } }',
    'remote: { mlflow-basic-auth: { store: { name: other } } }',
    'store: { name: other }',
  ].map((own): [string, string, string] => [
    `the location of a password is written: ${own}`,
    `${DATABASE}${S3}${remote('{ key: shared/admin }')}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}secrets: { external: { prefix: stage/, ${own} } }\n`,
  ]),
  ['the backup is removed', backup('s3: { bucket: backups }'), `${NAMESPACE}${OTHERS}${OTHER_STORES}backup: null\n`],
  [
    'backups have a folder by name',
    backup('s3: { bucket: backups }'),
    `name: stage\nnamespace: { create: false }\n${OTHERS}${OTHER_STORES}`,
  ],
  [
    'the prefix is written',
    `${DATABASE}${S3}${external}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}secrets: { external: { prefix: ml/ } }\n`,
  ],
  [
    'the store of passwords is another',
    `${DATABASE}${S3}${external}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}secrets: { external: { store: { name: other } } }\n`,
  ],
  [
    'names of passwords follow the name',
    `${DATABASE}${S3}${external}`,
    `name: stage\nnamespace: { create: false }\n${OTHERS}${OTHER_STORES}`,
  ],
  ['the store is one of another namespace', `${DATABASE}${S3}${namespaced}`, NAMESPACE + OTHERS + OTHER_STORES],
  [
    'the store is that of the namespace in another cluster',
    `${DATABASE}${S3}${namespaced}`,
    `namespace: { name: mlflow }\n${OTHERS}${OTHER_STORES}`,
  ],
  [
    'the provider is another',
    `${DATABASE}${S3}${external}`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}secrets: { provider: existing, external: null }\n`,
  ],
  [
    'clients are its own',
    `${DATABASE}${S3}clients: [{ namespace: argo }]\n`,
    `${NAMESPACE}${OTHERS}${OTHER_STORES}clients: [{ namespace: argo }]\n`,
  ],
  [
    'a login of clients that exists',
    `${DATABASE}${S3}auth: { users: [{ name: ann, permission: READ }] }\nclients: [{ namespace: argo, user: ann, secret: login }]\n`,
    `name: stage\nnamespace: { name: stage }\n${OTHERS}${OTHER_STORES}`,
  ],
  [
    'clients get another name',
    `${DATABASE}${S3}clients: [{ namespace: argo }]\n`,
    `name: stage\nnamespace: { create: false }\n${OTHERS}${OTHER_STORES}`,
  ],
];
