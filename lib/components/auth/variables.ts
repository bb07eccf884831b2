import type { SecretVariable } from '../../kubernetes/variables';
import type { Auth } from './resolve';

/** The administrator's login, as MLflow's client reads it. None if authentication is off. */
export const administratorLogin = ({ enabled, secret, usernameKey, passwordKey }: Auth): SecretVariable[] =>
  enabled
    ? [
        { name: 'MLFLOW_TRACKING_USERNAME', secret, key: usernameKey },
        { name: 'MLFLOW_TRACKING_PASSWORD', secret, key: passwordKey },
      ]
    : [];
