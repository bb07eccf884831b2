import { namespaceName, objectName } from '../../kubernetes/fields';
import { section, text } from '../shared/sections/fields';

/** A namespace whose pods use MLflow. */
export const client = section({
  namespace: namespaceName().describe(
    'Namespace whose pods use MLflow. It must exist. The network policy allows connections from all its pods.',
  ),
  user: text()
    .optional()
    .describe(
      'Name of one of `auth.users`, whose login is copied to the namespace. If unset, no login is copied. ' +
        "The administrator's login is never copied.",
    ),
  configMap: objectName().optional().meta({
    description: 'Name of the ConfigMap with MLFLOW_TRACKING_URI that is created in the namespace.',
    derived: '`NAME-client`',
  }),
  secret: objectName()
    .optional()
    .meta({
      description:
        'Name of the Secret with MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the namespace. ' +
        'It comes from `secrets.provider`, as all Secrets do.',
      derived: '`NAME-client`',
    }),
}).describe('A namespace whose pods use MLflow.');
