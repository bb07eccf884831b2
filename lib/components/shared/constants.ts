/** Ports, paths and times that several programs and pods share. */

/** The port that the server listens on in its pod. */
export const SERVER_PORT = 5000;
/** Where the container beside the server shows its metrics. */
export const METRICS_PORT = 5001;
/** Where an embedded PostgreSQL listens. */
export const DATABASE_PORT = 5432;
/** Where an embedded object store listens. */
export const OBJECT_STORE_PORT = 7070;
/** Where the ConfigMap of programs is mounted. */
export const PROGRAMS_PATH = '/programs';
/** Where the Ansible role put the authentication settings, so that you find them there. */
export const AUTH_CONFIG_PATH = '/tmp/auth_config_resolved.ini';
/** Where certificates of PostgreSQL and S3 are mounted. */
export const DATABASE_CA_PATH = '/etc/mlflow/database-ca';
export const S3_CA_PATH = '/etc/mlflow/s3-ca';

/** Seconds in which endpoints forget a terminating pod, before the server stops accepting requests. */
export const DRAIN_SECONDS = 5;
/** Seconds left for the server to shut down after the last request. */
export const LEAVE_SECONDS = 5;
