import { z } from 'zod';
import { dataKey, duration, objectName } from '../../kubernetes/fields';
import { CERTIFICATE_FILE } from '../../sealed-secrets/certificate';
import { SECRET_PROVIDERS } from '../shared/contributions/secret-keys';
import { section, text } from '../shared/sections/fields';

/** How values are sealed. */
export const sealed = section({
  certificate: z
    .string()
    .regex(/^[^/\\]+$/, 'must be the name of a file beside the environment, without a folder')
    .default(CERTIFICATE_FILE)
    .describe(
      "File with the controller's certificate in PEM format, in the folder of this file. It may contain several: " +
        '`seal` uses the first, and values that were sealed with the others are accepted.',
    ),
  scope: z
    .enum(['strict', 'namespace-wide', 'cluster-wide'])
    .default('strict')
    .describe(
      'Where a sealed value can be unsealed: `strict` in one Secret of one namespace, `namespace-wide` in its ' +
        'namespace, `cluster-wide` anywhere in the cluster.',
    ),
}).describe('How values are sealed, with the provider `sealed`.');

/** A text in an external store: anything on one line. */
const remoteText = () => text().max(2048);

/** Where an external store has one value. */
const remoteKey = section({
  key: remoteText().optional().describe('Name of the secret in the store. If unset, that of the other keys.'),
  property: remoteText().optional().meta({
    description: 'Property of the secret in the store. Several stores read a leading dot as a path step.',
    derived: 'the key of the Secret without a leading dot, or the whole value if `key` is set',
  }),
  version: remoteText().optional().describe('Version of the secret in the store. If unset, that of the other keys.'),
}).describe('Where an external store has the value of one key.');

/** A store of the External Secrets operator. */
const store = section({
  name: objectName().describe('Name of the SecretStore or ClusterSecretStore.'),
  kind: z
    .enum(['ClusterSecretStore', 'SecretStore'])
    .default('ClusterSecretStore')
    .describe(
      'Kind of the store. A SecretStore must exist in each namespace that gets a Secret, including those of `clients`.',
    ),
});

/** Where an external store has the values of a Secret. */
const remoteSecret = section({
  store: store
    .optional()
    .meta({ description: 'The store that contains the values of this Secret.', derived: '`secrets.external.store`' }),
  key: remoteText().optional().meta({
    description: 'Name of the secret in the store.',
    derived: '`prefix`, followed by the name of the Secret',
  }),
  version: remoteText().optional().describe('Version of the secret in the store. If unset, the newest.'),
  keys: z
    .record(dataKey(), remoteKey)
    .default({})
    .describe('By key of the Secret: where its value is, if not in a property of the same name.'),
}).describe('Where an external store has the values of a Secret.');

/** Where an external store has the values. */
export const external = section({
  store: store.describe('The store that contains the values.'),
  refreshInterval: duration()
    .prefault('1h')
    .describe('How often the operator reads the store: a duration such as `1h` or `15m`. `0s` reads it once.'),
  prefix: z
    .string()
    .regex(/^[^\r\n$]*$/, 'must be one line without $')
    .max(1024)
    .default('')
    .describe('Prefix of the name of each secret in the store.'),
  remote: z
    .record(objectName(), remoteSecret)
    .default({})
    .describe(
      'By name of a Secret in the namespace of the instance: where its values are, if not in a secret called `prefix` ' +
        'and that name, with one property for each key. Copies for clients use the same location.',
    ),
  creationPolicy: z
    .enum(['Owner', 'Orphan', 'Merge'])
    .default('Owner')
    .describe(
      'Whether a Secret is deleted with its ExternalSecret (`Owner`), is kept (`Orphan`), or must exist already and ' +
        'only gets the keys (`Merge`).',
    ),
  deletionPolicy: z
    .enum(['Retain', 'Delete', 'Merge'])
    .default('Retain')
    .describe(
      'What happens to a Secret whose values disappear from the store: it is kept (`Retain`), it is deleted ' +
        '(`Delete`), or its keys are removed (`Merge`).',
    ),
}).describe('Where the values are, with the provider `external`.');

/** What creates a Secret. */
const provider = () => z.enum(SECRET_PROVIDERS);

/** What is different for one Secret. */
const override = section({
  provider: provider().describe('What creates this Secret and its copies: one of the values of `secrets.provider`.'),
}).describe('What is different for one Secret.');

/** Where Secrets come from. */
export const secrets = section({
  provider: provider()
    .default('existing')
    .describe(
      'What creates the Secrets that the other sections name. Names and keys are the same for all providers. ' +
        '`existing`: you or another tool, before or after the apply; pods wait for them. ' +
        '`generated`: Jobs in the cluster create each missing Secret with random values, if nothing outside has to ' +
        'know them (logins and the credentials of embedded stores). ' +
        '`sealed`: the Sealed Secrets controller, from `sealed-secrets.yaml` beside the environment file, or the prop `sealedSecrets` of a chart. ' +
        '`external`: the External Secrets operator, from a store such as Vault.',
    ),
  overrides: z
    .record(objectName(), override)
    .default({})
    .describe(
      'By name of a Secret in the namespace of the instance: what creates it, if not `provider`; for example ' +
        '`{mlflow-pg-app: {provider: existing}}` for the Secret of a database operator. Copies for clients have the ' +
        'same provider.',
    ),
  sealed: sealed.optional(),
  external: external.optional(),
}).describe('Where Secrets come from.');
