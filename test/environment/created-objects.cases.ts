/** What environments of one namespace create that another name does not make their own. */

const STORES = 'artifacts: { s3: { bucket: models, credentials: { secret: keys } } }\n';
const DATABASE = 'database: { host: db.example.com, credentials: { secret: login } }\n';
const BASE = DATABASE + STORES;
const OWN = 'database: { host: other.example.com }\nartifacts: { s3: { bucket: other } }\n';
const NONE = `${OWN}namespace: { create: false }\n`;

const external = (more = '') =>
  `secrets: { provider: external, external: { prefix: ml/, store: { name: vault } }${more} }\n`;
const OTHER_PREFIX = 'secrets: { external: { prefix: stage/ } }\n';
const EMBEDDED =
  'secrets: { provider: generated }\ndatabase: { embedded: {} }\nartifacts: { embedded: {} }\nauth: { secret: admin }\n';
const CERTIFICATE =
  'ingress: { host: a.example.com, controller: traefik, tls: { issuer: ca, secret: certificate } }\nnamespace: { create: false }\n';

/** The base, the file that extends it under another name, and the objects that the issue names. */
export const CREATED: readonly (readonly [string, string, string, string])[] = [
  ['the Namespace', BASE, OWN, 'Namespace mlflow'],
  ['the Namespace, though its name is written', BASE, `${OWN}namespace: { name: mlflow }\n`, 'Namespace mlflow'],
  [
    'Secrets of a store',
    `namespace: { name: ml }\n${BASE}${external()}`,
    OWN + OTHER_PREFIX,
    'Namespace ml and Secrets login and keys',
  ],
  ['Secrets of a store without the Namespace', BASE + external(), NONE + OTHER_PREFIX, 'Secrets login and keys'],
  ['one Secret', BASE + external(' , overrides: { keys: { provider: existing } }'), NONE, 'Secret login'],
  ['Secrets that are generated', EMBEDDED, 'namespace: { create: false }\n', 'Secret admin'],
  ['a certificate that is issued', BASE + CERTIFICATE, OWN, 'Secret certificate'],
  [
    'a certificate of the pods that is issued',
    `${BASE}service: { tls: { issuer: ca, secret: pods } }\n`,
    NONE,
    'Secret pods',
  ],
  ['an account', `${BASE}server: { serviceAccount: { name: runner } }\n`, NONE, 'ServiceAccount runner'],
];

/** The same where the objects are its own, or neither creates them. */
export const NOT_CREATED: readonly (readonly [string, string, string])[] = [
  ['Secrets that exist', BASE, NONE],
  [
    'Secrets of other names',
    BASE + external(),
    `${NONE}${OTHER_PREFIX}database: { credentials: { secret: a } }\n`.replace(
      OWN,
      'artifacts: { s3: { bucket: other, credentials: { secret: b } } }\n',
    ),
  ],
  ['Secrets that follow the name', EMBEDDED.replace(/auth.*\n/, ''), 'namespace: { create: false }\n'],
  ['Secrets that only one creates', BASE + external(), `${NONE}secrets: { provider: existing, external: null }\n`],
  ['certificates that exist', BASE + CERTIFICATE.replace('issuer: ca, ', ''), OWN],
  ['certificates that follow the name', BASE + CERTIFICATE.replace(', secret: certificate', ''), OWN],
  ['an account that exists', `${BASE}server: { serviceAccount: { create: false, name: runner } }\n`, NONE],
  ['another cluster', BASE + external(), `${OWN}namespace: { name: mlflow, create: true }\n`],
  [
    'another cluster with a Namespace that exists',
    BASE + external(),
    `${OWN}namespace: { name: mlflow, create: false }\n`,
  ],
];
