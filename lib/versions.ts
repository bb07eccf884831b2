/**
 * The images that are used by default, and the MLflow releases that are tested. To support a newer one, change it
 * here and in the pinned packages of the tests.
 */

/** The oldest MLflow release that is rendered. */
export const OLDEST_RELEASE = '3.1.0';

/** The newest MLflow release that was tested; newer ones are rendered like it, with a warning. */
export const NEWEST_RELEASE = '3.18.0';

/** MLflow's own images; the tag of the newest tested release with drivers and authentication. */
export const MLFLOW_IMAGE = { repository: 'ghcr.io/mlflow/mlflow', tag: `v${NEWEST_RELEASE}-full` } as const;

/** PostgreSQL: of an embedded database, and the client programs of backups, which read every older server too. */
export const POSTGRESQL_IMAGE = { repository: 'docker.io/library/postgres', tag: '17.11-trixie' } as const;

/** The S3 store of an embedded object store. */
export const VERSITYGW_IMAGE = { repository: 'docker.io/versity/versitygw', tag: 'v1.7.0' } as const;

/** The proxy for single sign-on. */
export const OAUTH2_PROXY_IMAGE = { repository: 'quay.io/oauth2-proxy/oauth2-proxy', tag: 'v7.15.6' } as const;
