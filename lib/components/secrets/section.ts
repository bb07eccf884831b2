import { z } from 'zod';
import { dataKey, duration, objectName, section, text } from '../shared/sections/fields';

export const sealed = section({
  /** File with the controller's certificate in PEM form, beside this file. It may hold several: the first is sealed with, and what the others sealed is accepted. */
  certificate: z
    .string()
    .regex(/^[^/\\]+$/, 'must be the name of a file beside the environment, without a folder')
    .default('sealing-certificate.pem'),
  /** What a sealed value is bound to: `strict` one Secret of one namespace, `namespace-wide` its namespace, `cluster-wide` nothing. */
  scope: z.enum(['strict', 'namespace-wide', 'cluster-wide']).default('strict'),
});

/** The text of a value in a store of somebody else: anything on one line. */
const remoteText = () => text().max(2048);

export const remoteKey = section({
  /** Name of the secret in the store, where it is not the one of the other keys. */
  key: remoteText().optional(),
  /** Property of that secret. Without it: the key's own name without a dot before it (`dockerconfigjson`, since several stores read a dot as a step), or, where this entry has a `key`, the whole value. */
  property: remoteText().optional(),
  /** Version of that secret, where it is not the one of the other keys. */
  version: remoteText().optional(),
});

export const remoteSecret = section({
  /** Name of the secret in the store. Without it: `prefix` and the Secret's name. */
  key: remoteText().optional(),
  /** Version of the secret in the store; without it the newest. */
  version: remoteText().optional(),
  /** Keys of the Secret whose value is elsewhere than under the key's own name. */
  keys: z.record(dataKey(), remoteKey).default({}),
});

export const external = section({
  /** The store that holds the values. */
  store: section({
    /** Name of the SecretStore or ClusterSecretStore. */
    name: objectName(),
    /** Its kind. A SecretStore must be in each namespace that gets a Secret, also in those of `clients`. */
    kind: z.enum(['ClusterSecretStore', 'SecretStore']).default('ClusterSecretStore'),
  }),
  /** How often the store is asked again: a duration as in `1h` or `15m`; `0s` asks once. */
  refreshInterval: duration().prefault('1h'),
  /** What stands before the Secret's name in the store. */
  prefix: z
    .string()
    .regex(/^[^\r\n$]*$/, 'must be one line and hold no $')
    .max(1024)
    .default(''),
  /** By the Secret's name in the instance's namespace: where its values are, when they are not under `prefix` and that name, each key as a property of its own. Copies for clients come from the same place. */
  remote: z.record(objectName(), remoteSecret).default({}),
  /** Whether a Secret is deleted with its ExternalSecret (`Owner`), outlives it (`Orphan`), or must be there already and only gets the keys (`Merge`). */
  creationPolicy: z.enum(['Owner', 'Orphan', 'Merge']).default('Owner'),
  /** What becomes of a Secret whose values vanish from the store: it stays (`Retain`), it goes (`Delete`), or its keys go (`Merge`). */
  deletionPolicy: z.enum(['Retain', 'Delete', 'Merge']).default('Retain'),
});

export const secrets = section({
  /** Who makes the Secrets that the other sections name; names and keys are the same whoever does. `existing`: somebody else, before or after the apply; pods wait for them. `generated`: Jobs in the cluster, with random values, each Secret that is missing and that nobody else can know (the login, and the credentials of embedded stores). `sealed`: the Sealed Secrets controller, from `sealed-secrets.yaml` beside this file. `external`: the External Secrets operator, from a store such as Vault. */
  provider: z.enum(['existing', 'generated', 'sealed', 'external']).default('existing'),
  /** How values are sealed, for the provider `sealed`. */
  sealed: sealed.optional(),
  /** Where the values are, for the provider `external`. */
  external: external.optional(),
});
