import { z } from 'zod';
import { dataKey, objectName, section, wholeNumber } from './common';

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
  defaultPermission: z.enum(['READ', 'EDIT', 'MANAGE', 'NO_PERMISSIONS']).default('READ'),
  /** Seconds that a password found right is not hashed again; a changed password or deleted user may go on that long. 0 turns the cache off and costs over 90 % of the throughput. */
  cacheSeconds: wholeNumber(0, 3600).default(60),
});
