/** Ports, paths, names and times that several programs and pods share. */

/** The port of the server in its pod. */
export const SERVER_PORT = 5000;
/** The port of the proxy for single sign-on. */
export const PROXY_PORT = 4180;
/** The port of the metrics sidecar. */
export const METRICS_PORT = 5001;
/** The port of an embedded PostgreSQL. */
export const DATABASE_PORT = 5432;
/** The port of an embedded object store. */
export const OBJECT_STORE_PORT = 7070;
/** How the names of the settings of `prepare` begin. */
export const PREPARE = 'PREPARE_';
/** Where a volume with artifacts is mounted. Files on their way are beside the folder of the artifacts. */
export const ARTIFACTS_PATH = '/var/lib/mlflow';
/** Where the ConfigMap of programs is mounted. */
export const PROGRAMS_PATH = '/programs';
/** The folder of the authentication settings: the same as with the Ansible role. */
export const AUTH_CONFIG_PATH = '/tmp/auth_config_resolved.ini';
/** Where certificates of PostgreSQL and S3 are mounted. */
export const DATABASE_CA_PATH = '/etc/mlflow/database-ca';
export const S3_CA_PATH = '/etc/mlflow/s3-ca';
/** Where the server's own certificate and key are mounted, and for its clients the CA certificate. */
export const TLS_PATH = '/etc/mlflow/tls';
export const SERVER_CA_PATH = '/etc/mlflow/server-ca';
/**
 * Publicly trusted CAs in Debian-based images. Not `system`: the libpq of psycopg2-binary looks for these where it was
 * built.
 */
export const SYSTEM_CA_FILE = '/etc/ssl/certs/ca-certificates.crt';

/** Seconds until endpoints no longer contain a terminating pod; until then the server accepts requests. */
export const DRAIN_SECONDS = 5;
/** Seconds left for the server to shut down after the last request. */
export const LEAVE_SECONDS = 5;
