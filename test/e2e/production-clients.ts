import { secret } from './lab';
import { authority, IMAGE } from './production';
import { PASSWORD } from './vault';

/** What a client in a pod needs to come in through the ingress controller, as a Secret of its namespace. */
export const clientSecret = (where: string, uri = 'https://mlflow.example.com') =>
  secret(where, 'through-ingress', {
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_TRACKING_USERNAME: 'admin',
    MLFLOW_TRACKING_PASSWORD: PASSWORD,
    MLFLOW_TRACKING_SERVER_CERT_PATH: '/client/ca.crt',
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    HOME: '/tmp',
    'ca.crt': authority(),
  });

/** A pod that comes in by that Secret. */
export const clientIn = (namespace: string, name: string) => ({
  namespace,
  name,
  image: IMAGE,
  env: CLIENT_KEYS.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: 'through-ingress', key } } })),
  volumes: [{ name: 'client', mountPath: '/client', secret: { secretName: 'through-ingress' } }],
});
const CLIENT_KEYS = [
  ...['MLFLOW_TRACKING_URI', 'MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD'],
  ...['MLFLOW_TRACKING_SERVER_CERT_PATH', 'MLFLOW_HTTP_REQUEST_MAX_RETRIES', 'MLFLOW_DISABLE_TELEMETRY', 'HOME'],
];
