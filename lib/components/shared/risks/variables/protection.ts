import { admitsEveryone, loggedHeaders, trustsEveryProxy } from '../program-flags';
import { isEmpty, isFalse, isTrue, lists, PROGRAM_OPTIONS, type RiskyVariables } from './risky-variables';

/**
 * Every variable by which MLflow, PostgreSQL, a server program or a client library leaves out what protects it.
 *
 * @see https://github.com/mlflow/mlflow/blob/v3.18.0/mlflow/environment_variables.py
 */
export const PROTECTION_VARIABLES: readonly RiskyVariables[] = [
  {
    names: ['MLFLOW_BASIC_AUTH_FAIL_CLOSED', 'MLFLOW_SERVER_ENABLE_GRAPHQL_AUTH'],
    risk: 'no-login',
    does: 'lets every user call routes for which there is no permission',
    when: isFalse,
  },
  {
    names: ['POSTGRES_HOST_AUTH_METHOD'],
    risk: 'no-login',
    does: 'lets everyone who reaches PostgreSQL in without a password',
    when: (value) => value.trim() === 'trust',
  },
  {
    names: ['POSTGRES_INITDB_ARGS'],
    risk: 'no-login',
    does: 'lets everyone who reaches PostgreSQL in without a password',
    when: (value) => /(--auth(-host)?|-A)[= ]?trust/.test(value),
  },
  {
    names: ['MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE'],
    risk: 'weak-server',
    does: 'turns off the checks of hosts and origins and the security headers of MLflow',
    when: isTrue,
  },
  {
    names: ['MLFLOW_SERVER_CORS_ALLOWED_ORIGINS'],
    risk: 'weak-server',
    does: 'lets every website that a user visits call the API',
    when: (value) => lists(value, '*'),
  },
  {
    names: ['MLFLOW_SERVER_ALLOWED_HOSTS'],
    risk: 'weak-server',
    does: 'lets a website that a user visits reach the server by DNS rebinding',
    when: (value) => lists(value, '*'),
  },
  {
    names: ['MLFLOW_SERVER_X_FRAME_OPTIONS'],
    risk: 'weak-server',
    does: 'lets every website show MLflow in a frame, where it can steal clicks',
    when: (value) => /^\s*none\s*$/i.test(value),
  },
  {
    names: ['UVICORN_FORWARDED_ALLOW_IPS', 'FORWARDED_ALLOW_IPS'],
    risk: 'weak-server',
    does: 'lets every client claim any address, which evades the limit of wrong logins for each address',
    when: admitsEveryone,
  },
  {
    names: PROGRAM_OPTIONS,
    risk: 'weak-server',
    does: 'lets every client claim any address, which evades the limit of wrong logins for each address',
    when: trustsEveryProxy,
  },
  {
    names: ['FLASK_DEBUG'],
    risk: 'weak-server',
    does: 'makes responses contain the code and values of errors',
    when: (value) => !isFalse(value) && !isEmpty(value),
  },
  {
    names: ['FLASK_ENV'],
    risk: 'weak-server',
    does: 'makes responses contain the code and values of errors',
    when: (value) => /^\s*development\s*$/i.test(value),
  },
  {
    names: ['MLFLOW_SERVER_ENABLE_JOB_EXECUTION'],
    risk: 'weak-server',
    does: 'makes every server pod run jobs that users start, with the credentials of the server',
    when: isTrue,
  },
  {
    names: [
      ...['MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS', 'MLFLOW_ICON_URL_ALLOW_PRIVATE_IPS'],
      'MLFLOW_GATEWAY_API_BASE_ALLOW_PRIVATE_IPS',
    ],
    risk: 'weak-server',
    does: 'lets users make the server connect to internal addresses, such as the metadata of the cloud',
    when: isTrue,
  },
  {
    names: ['MLFLOW_ALLOWED_HOST_ADDRESSED_ARTIFACT_SCHEMES'],
    risk: 'weak-server',
    does: 'lets users make the server connect to hosts of their choice, as locations of artifacts',
    when: (value) => !isEmpty(value),
  },
  {
    names: ['MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_FILE', 'MLFLOW_GATEWAY_RESOLVE_API_KEY_FROM_ENV'],
    risk: 'weak-server',
    does: 'lets keys of the gateway name files and variables of the server',
    when: isTrue,
  },
  {
    names: [
      ...['MLFLOW_WEBHOOK_ALLOWED_SCHEMES', 'MLFLOW_ICON_URL_ALLOWED_SCHEMES'],
      'MLFLOW_GATEWAY_API_BASE_ALLOWED_SCHEMES',
    ],
    risk: 'plain-connections',
    does: 'lets the server send requests without TLS',
    when: (value) => lists(value, 'http'),
  },
  {
    names: [
      ...['MLFLOW_S3_IGNORE_TLS', 'MLFLOW_TRACKING_INSECURE_TLS', 'GIT_SSL_NO_VERIFY'],
      'OAUTH2_PROXY_SSL_INSECURE_SKIP_VERIFY',
    ],
    risk: 'plain-connections',
    does: 'turns off the verification of certificates',
    when: (value) => !isFalse(value) && !isEmpty(value),
  },
  {
    names: ['PYTHONHTTPSVERIFY', 'NODE_TLS_REJECT_UNAUTHORIZED'],
    risk: 'plain-connections',
    does: 'turns off the verification of certificates',
    when: isFalse,
  },
  {
    names: ['CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'],
    risk: 'plain-connections',
    does: 'is empty, which turns off the verification of certificates',
    when: isEmpty,
  },
  {
    names: ['OAUTH2_PROXY_COOKIE_SECURE'],
    risk: 'plain-connections',
    does: 'makes browsers send sessions without TLS too',
    when: isFalse,
  },
  { names: ['SSLKEYLOGFILE'], risk: 'plain-connections', does: 'writes the keys of TLS connections to a file' },
  {
    names: ['MLFLOW_REGISTRY_STORE_URI', 'MLFLOW_WORKSPACE_STORE_URI'],
    risk: 'early-deletion',
    does: 'keeps models or workspaces in a file of the pod, which is lost with the pod and in no backup',
    when: (value) => !isEmpty(value) && !/^\s*(?!file:|sqlite)[\w+.-]+:\/\//i.test(value),
  },
  {
    names: ['MLFLOW_SQLALCHEMYSTORE_ECHO'],
    risk: 'verbose-logs',
    does: 'logs every SQL statement with its values',
    when: isTrue,
  },
  {
    names: PROGRAM_OPTIONS,
    risk: 'verbose-logs',
    does: 'logs the logins of requests',
    when: loggedHeaders,
  },
];
