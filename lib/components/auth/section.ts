import { z } from 'zod';
import { dataKey, objectName, section, wholeNumber } from '../shared/sections/fields';

/** What a user may do with experiments and models. */
const permission = () => z.enum(['READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS']);

export const user = section({
  /** The name that the user logs in with. */
  name: z
    .string()
    .max(100)
    .regex(/^[a-zA-Z0-9]([-._@a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'must be letters, digits, -, _, . and @'),
  /** What the user may do with every experiment and registered model. What the user creates is the user's own, whatever stands here. */
  permission: permission(),
  /** Secret in the namespace with the user's name and password. Without it: the instance's name, `-user-` and the user's. */
  secret: objectName().optional(),
  /** Its key with the user's name, which must be the one above. */
  usernameKey: dataKey().default('MLFLOW_TRACKING_USERNAME'),
  /** Its key with the user's password, 12 characters or more. A changed value is set at the next start of a pod. */
  passwordKey: dataKey().default('MLFLOW_TRACKING_PASSWORD'),
});

export const auth = section({
  /** Whether clients must log in (MLflow's basic-auth application). */
  enabled: z.boolean().default(true),
  /** Secret in the namespace with the administrator's name and password and the key that signs sessions. Without it: the instance's name and `-basic-auth`. */
  secret: objectName().optional(),
  /** Its key with the administrator's name. */
  usernameKey: dataKey().default('MLFLOW_TRACKING_USERNAME'),
  /** Its key with the administrator's password, 12 characters or more. A changed value is set at the next start of a pod. */
  passwordKey: dataKey().default('MLFLOW_TRACKING_PASSWORD'),
  /** Its key with the server's secret key, any long random text. */
  flaskSecretKeyKey: dataKey().default('MLFLOW_FLASK_SERVER_SECRET_KEY'),
  /** What a user may do with experiments and models that nobody granted to them. */
  defaultPermission: permission().default('READ'),
  /** Users beside the administrator, made at the start of a pod where they are missing. One that leaves the list is kept; the pod's log names it. */
  users: z.array(user).default([]),
  /** Seconds that a password found right is not hashed again; a changed password or deleted user may go on that long. 0 turns the cache off and costs over 90 % of the throughput. */
  cacheSeconds: wholeNumber(0, 3600).default(60),
});
