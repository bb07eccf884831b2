import { z } from 'zod';
import { dataKey, objectName } from '../../kubernetes/fields';
import { loginKeys } from '../shared/sections/credentials';
import { section, wholeNumber } from '../shared/sections/fields';
import { app } from './app/section';
import { oidc } from './oidc/section';

/** What a user may do with experiments and models. */
const permission = () => z.enum(['READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS']);

/** A user besides the administrator. */
export const user = section({
  name: z
    .string()
    .max(100)
    .regex(/^[a-zA-Z0-9]([-._@a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'must be letters, digits, -, _, . and @')
    .describe('Username.'),
  permission: permission().describe(
    'Permission on every experiment and registered model. Users can always manage what they create themselves.',
  ),
  secret: objectName().optional().meta({
    description: 'Secret in the namespace with the username and password of the user.',
    derived: '`NAME-user-USER`, where `USER` is the name of the user',
  }),
  ...loginKeys('the user'),
}).describe('A user besides the administrator.');

/** Who may use the server. */
export const auth = section({
  enabled: z
    .boolean()
    .default(true)
    .describe("Whether clients must log in, by MLflow's basic-auth app if `app` names no other."),
  secret: objectName()
    .optional()
    .meta({
      description:
        'Secret in the namespace with the username and password of the administrator, the key that signs sessions, and ' +
        'the keys that encrypt what is in the database. Without authentication, only the last.',
      derived: '`NAME-basic-auth`',
    }),
  ...loginKeys('the administrator'),
  flaskSecretKeyKey: dataKey()
    .default('MLFLOW_FLASK_SERVER_SECRET_KEY')
    .describe('Key of the Secret that contains the key that signs sessions: any long random text.'),
  webhookEncryptionKeyKey: dataKey()
    .default('MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY')
    .describe(
      'Key of the Secret that contains the key that encrypts the secrets of webhooks in the database: 32 random bytes ' +
        'as URL-safe base64 (MLflow 3.3 and newer). Pods start without it, but then a webhook with a secret makes all ' +
        'webhooks unreadable for other pods and after a restart.',
    ),
  gatewayPassphraseKey: dataKey()
    .default('MLFLOW_CRYPTO_KEK_PASSPHRASE')
    .describe(
      'Key of the Secret that contains the passphrase that encrypts the API keys of the gateway in the database: any ' +
        'long random text (MLflow 3.8 and newer). Without it MLflow uses a public one. See Encryption keys in ' +
        '`docs/secrets.md` before you add it to a running instance.',
    ),
  defaultPermission: permission()
    .default('READ')
    .describe('Permission on experiments and models for which a user has no permission of their own.'),
  users: z
    .array(user)
    .max(1000)
    .default([])
    .describe(
      'Users besides the administrator. Missing users are created when a pod starts. ' +
        'A user that you remove from the list still exists in MLflow, and the log of the pod names it.',
    ),
  cacheSeconds: wholeNumber(0, 3600)
    .default(60)
    .describe(
      'How long a successful login is cached, in seconds. A changed password, a deleted user or a demoted ' +
        'administrator stays valid for up to that long. `0` turns the cache off, which costs more than 90 % of the throughput.',
    ),
  oidc: oidc.optional(),
  app: app.optional(),
}).describe('Who may use the server.');
