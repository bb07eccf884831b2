/**
 * The variables that `mlflow server` reads as options, by their option: from the commands of all releases and the
 * modules of its server. What to use instead is the key of the option, or `server.options`.
 */
export const OPTION_VARIABLES: Readonly<Record<string, readonly [instead: string, ...variables: string[]]>> = {
  'backend-store-uri': ['database', 'MLFLOW_BACKEND_STORE_URI', '_MLFLOW_SERVER_FILE_STORE'],
  'read-replica-backend-store-uri': [
    'server.options.read-replica-backend-store-uri',
    'MLFLOW_READ_REPLICA_BACKEND_STORE_URI',
    '_MLFLOW_SERVER_READ_REPLICA_BACKEND_STORE',
  ],
  'registry-store-uri': [
    'server.options.registry-store-uri',
    'MLFLOW_REGISTRY_STORE_URI',
    '_MLFLOW_SERVER_REGISTRY_STORE',
  ],
  'default-artifact-root': ['artifacts', 'MLFLOW_DEFAULT_ARTIFACT_ROOT', '_MLFLOW_SERVER_ARTIFACT_ROOT'],
  'artifacts-destination': ['artifacts', 'MLFLOW_ARTIFACTS_DESTINATION', '_MLFLOW_SERVER_ARTIFACT_DESTINATION'],
  'serve-artifacts': ['artifacts.access', 'MLFLOW_SERVE_ARTIFACTS', '_MLFLOW_SERVER_SERVE_ARTIFACTS'],
  'artifacts-only': ['remove', 'MLFLOW_ARTIFACTS_ONLY', '_MLFLOW_SERVER_ARTIFACTS_ONLY'],
  'artifacts-presigned-only': ['server.options.artifacts-presigned-only', 'MLFLOW_ARTIFACTS_PRESIGNED_ONLY'],
  host: ['service', 'MLFLOW_HOST'],
  port: ['service.port', 'MLFLOW_PORT'],
  workers: ['server.workers', 'MLFLOW_WORKERS', 'WEB_CONCURRENCY'],
  'static-prefix': ['server.staticPrefix', 'MLFLOW_STATIC_PREFIX', '_MLFLOW_STATIC_PREFIX'],
  'allowed-hosts': ['server.allowedHosts', 'MLFLOW_SERVER_ALLOWED_HOSTS'],
  'cors-allowed-origins': ['server.corsAllowedOrigins', 'MLFLOW_SERVER_CORS_ALLOWED_ORIGINS'],
  'disable-security-middleware': [
    'server.options.disable-security-middleware',
    'MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE',
  ],
  'x-frame-options': ['server.options.x-frame-options', 'MLFLOW_SERVER_X_FRAME_OPTIONS'],
  'gunicorn-opts': ['server.options.gunicorn-opts', 'MLFLOW_GUNICORN_OPTS', 'GUNICORN_CMD_ARGS'],
  'uvicorn-opts': ['server.options.uvicorn-opts', 'MLFLOW_UVICORN_OPTS'],
  'expose-prometheus': [
    'monitoring.metrics',
    'MLFLOW_EXPOSE_PROMETHEUS',
    'prometheus_multiproc_dir',
    'PROMETHEUS_MULTIPROC_DIR',
  ],
  'trace-archival-config': ['server.options.trace-archival-config', 'MLFLOW_TRACE_ARCHIVAL_CONFIG'],
  'secrets-cache-ttl': ['server.options.secrets-cache-ttl', 'MLFLOW_SERVER_SECRETS_CACHE_TTL'],
  'secrets-cache-max-size': ['server.options.secrets-cache-max-size', 'MLFLOW_SERVER_SECRETS_CACHE_MAX_SIZE'],
  'workspace-store-uri': ['server.options.workspace-store-uri', 'MLFLOW_WORKSPACE_STORE_URI'],
  'enable-workspaces': ['server.options.enable-workspaces', 'MLFLOW_ENABLE_WORKSPACES'],
};
