import type { Release } from '../tools';
import { type Failures, previousRevision, type Situation, unknownRevision, withoutAuth } from './situation';

/** What is wrong with PostgreSQL, a database or its schema. */
export function databaseSituations(release: Release, failures: Failures): Situation[] {
  return [
    {
      title: 'PostgreSQL does not answer',
      code: 10,
      kind: 'database-unreachable',
      message: /database '.*': .*Connection refused/,
      arrange: () => ({ PGPORT: `${failures.closedPort}`, PREPARE_TIMEOUT: '0' }),
    },
    {
      title: 'a wrong database password',
      code: 11,
      kind: 'database-login',
      message: /password authentication failed for user "mlflow"/,
      arrange: () => ({ PGPASSWORD: 'not the password of anyone' }),
    },
    {
      title: 'a role that does not exist',
      code: 11,
      kind: 'database-login',
      message: /password authentication failed for user "nobody"/,
      arrange: () => ({ PGUSER: 'nobody' }),
    },
    {
      title: 'TLS asked of a PostgreSQL without it',
      code: 11,
      kind: 'database-login',
      message: /server does not support SSL, but SSL was required/,
      arrange: () => ({ PGSSLMODE: 'require' }),
    },
    {
      title: 'a missing database',
      code: 12,
      kind: 'database-missing',
      message: /database ".*" does not exist/,
      arrange: () => ({}),
    },
    {
      title: 'a missing authentication database',
      code: 12,
      kind: 'database-missing',
      message: /database ".*-auth" does not exist/,
      arrange: async (name) => {
        await failures.lab.postgres.createDatabase(name, 'mlflow');
        return {};
      },
    },
    {
      title: 'a missing database that the role may not create',
      code: 12,
      kind: 'database-missing',
      message: /does not exist, and this role may not create it: permission denied to create database/,
      arrange: async (name) => {
        await failures.lab.postgres.createRole(name, 'plain role password');
        return { PGUSER: name, PGPASSWORD: 'plain role password', PREPARE_CREATE_DATABASES: 'true' };
      },
    },
    {
      title: 'another pod that holds the lock for too long',
      code: 13,
      kind: 'lock-timeout',
      message: /another pod held the preparation lock for more than 1 s/,
      arrange: async (name) => {
        await failures.empty(name);
        failures.lab.keep(
          await failures.lab.postgres.connect(name, 'another pod', `SELECT pg_advisory_lock(${0x6d6c666c6f77})`),
        );
        return { PREPARE_TIMEOUT: '1' };
      },
    },
    {
      title: 'a tracking schema of a newer release',
      code: 14,
      kind: 'schema-newer',
      message:
        /tracking database '.*' is at revision \w+, which MLflow [\d.]+ does not know: .*use that release's image, or restore/,
      arrange: async (name) => {
        await failures.clone(release, name);
        await failures.lab.postgres.sql(name, `UPDATE alembic_version SET version_num = '${unknownRevision}'`);
        return {};
      },
    },
    {
      title: 'an auth schema of a newer release',
      code: 14,
      kind: 'schema-newer',
      message: /auth database '.*' (was upgraded by MLflow 3\.6 or newer; use|is at revision \w+, which MLflow)/,
      arrange: async (name) => {
        await failures.lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
        await failures.lab.postgres.createDatabase(`${name}-auth`, 'mlflow', 'base-3.18.0-auth');
        await failures.lab.postgres.sql(
          `${name}-auth`,
          `UPDATE alembic_version_auth SET version_num = '${unknownRevision}'`,
        );
        return {};
      },
    },
    {
      title: 'no schema, and PREPARE_MIGRATE=check',
      code: 15,
      kind: 'schema-older',
      message: /is at revision none, and MLflow [\d.]+ needs \w+; back up, then allow the upgrade/,
      arrange: async (name) => {
        await failures.empty(name);
        return { PREPARE_MIGRATE: 'check' };
      },
    },
    {
      title: 'an older schema, and PREPARE_MIGRATE=create',
      code: 15,
      kind: 'schema-older',
      message: new RegExp(`is at revision ${previousRevision[release]}, and MLflow [\\d.]+ needs`),
      arrange: async (name) => {
        await failures.older(release, name);
        return { PREPARE_MIGRATE: 'create' };
      },
    },
    {
      title: 'an older schema that servers are connected to',
      code: 16,
      kind: 'servers-connected',
      message:
        /must be upgraded for MLflow [\d.]+, but MLflow servers \(of unknown release, 2\.22\.0, 3\.0\.1\) are still .*stop them first/,
      arrange: async (name) => {
        await failures.older(release, name);
        for (const server of ['mlflow-server/3.0.1', 'mlflow-server/2.22.0', 'mlflow-server', 'mlflow-serverless']) {
          failures.lab.keep(await failures.lab.postgres.connect(name, server));
        }
        return {};
      },
    },
    {
      title: 'a table in the way of the schema',
      code: 17,
      kind: 'migration-failed',
      message: /tracking database '.*': column "run_uuid" .*does not exist/,
      arrange: async (name) => {
        await failures.empty(name);
        await failures.lab.postgres.sql(
          name,
          'CREATE TABLE runs (something_else int)',
          'ALTER TABLE runs OWNER TO mlflow',
        );
        return {};
      },
    },
    {
      title: 'a role that may not create tables',
      code: 18,
      kind: 'database-permission',
      message: /tracking database '.*': permission denied for schema public/,
      arrange: async (name) => {
        await failures.lab.postgres.createDatabase(name, 'postgres');
        await failures.lab.postgres.sql(name, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
        return withoutAuth;
      },
    },
    {
      title: "a role that may not read another's tables",
      code: 18,
      kind: 'database-permission',
      message: /permission denied for table alembic_version \(the user of the Secret must own both databases/,
      arrange: async (name) => {
        await failures.lab.postgres.createDatabase(name, 'postgres');
        await failures.lab.postgres.sql(name, 'CREATE TABLE alembic_version (version_num varchar(32))');
        return withoutAuth;
      },
    },
  ];
}
