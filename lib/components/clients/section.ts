import { namespaceName, objectName, section, text } from '../shared/sections/fields';

export const client = section({
  /** Namespace whose pods use MLflow. It must exist; the network policy lets all its pods in. */
  namespace: namespaceName(),
  /** Name of one of `auth.users`, whose login the namespace gets as a Secret. Without it: no login. The administrator's is never handed out. */
  user: text().optional(),
  /** ConfigMap with MLFLOW_TRACKING_URI, made there. Without it: the instance's name and `-client`. */
  configMap: objectName().optional(),
  /** Secret with MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD there, by the same provider as all others. Without it: the instance's name and `-client`. */
  secret: objectName().optional(),
});
