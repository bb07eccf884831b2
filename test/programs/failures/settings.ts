import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Failures, Situation } from './situation';

/** What is wrong with the settings, the administrator or the image. */
export function settingSituations(failures: Failures): Situation[] {
  return [
    {
      title: 'a folder for the auth configuration that does not exist',
      code: 20,
      kind: 'ini-unwritable',
      message: /\/missing\/auth\.ini: No such file or directory/,
      arrange: () => ({ MLFLOW_AUTH_CONFIG_PATH: join(failures.lab.folder, 'missing', 'auth.ini') }),
    },
    {
      title: 'a folder in place of the auth configuration',
      code: 20,
      kind: 'ini-unwritable',
      message: /Is a directory/,
      arrange: () => {
        const path = failures.lab.path('a-folder');
        mkdirSync(path);
        return { MLFLOW_AUTH_CONFIG_PATH: path };
      },
    },
    {
      title: 'an admin that basic authentication cannot carry, with too short a password',
      code: 21,
      kind: 'admin',
      message: /user name contains a colon.*; the admin password has 11 characters; MLflow requires 12 or more/,
      arrange: () => ({ PREPARE_ADMIN_USERNAME: 'a:b', PREPARE_ADMIN_PASSWORD: 'eleven char' }),
    },
    {
      title: "MLflow's published password",
      code: 21,
      kind: 'admin',
      message: /MLflow's old, publicly known default/,
      arrange: () => ({ PREPARE_ADMIN_PASSWORD: 'password1234' }),
    },
    {
      title: 'several bad variables, all named in one line',
      code: 64,
      kind: 'configuration',
      message: new RegExp(
        [
          'PGPASSWORD is not set \\(or its Secret key is empty\\)',
          "PGPORT is 'x'; use a whole number",
          "PGSSLMODE is 'on'; use one of disable, .*",
          'PREPARE_AUTH_DATABASE contains a percent sign.*',
          'PREPARE_TRACKING_DATABASE is not set.*',
          "PREPARE_CREATE_DATABASES is 'yes'; use one of true, false",
          "PREPARE_MIGRATE is 'always'; use one of auto, create, check",
          "PREPARE_TIMEOUT is '5m'; use a whole number",
          'PREPARE_ADMIN_PASSWORD is not set.*',
          "PREPARE_DEFAULT_PERMISSION is 'read'; use one of READ, EDIT, MANAGE, NO_PERMISSIONS",
        ].join('; '),
      ),
      arrange: () => ({
        PGPASSWORD: '',
        PGPORT: 'x',
        PGSSLMODE: 'on',
        PREPARE_TRACKING_DATABASE: undefined,
        PREPARE_AUTH_DATABASE: 'a%20b',
        PREPARE_CREATE_DATABASES: 'yes',
        PREPARE_MIGRATE: 'always',
        PREPARE_TIMEOUT: '5m',
        PREPARE_ADMIN_PASSWORD: '',
        PREPARE_DEFAULT_PERMISSION: 'read',
      }),
    },
    {
      title: 'a value that an INI file cannot hold',
      code: 64,
      kind: 'configuration',
      message: /database_uri cannot be written to an INI file as it is/,
      arrange: () => ({ PREPARE_AUTH_DATABASE: 'auth ' }),
    },
    {
      title: 'an image without psycopg2',
      code: 64,
      kind: 'configuration',
      message: /this image lacks the Python module 'psycopg2'/,
      arrange: () => ({}),
      options: ['-S'],
    },
    {
      title: 'an image without what counts requests',
      code: 64,
      kind: 'configuration',
      message: /this image lacks the Python module 'prometheus_flask_exporter'/,
      arrange: () => ({ PREPARE_METRICS: 'true' }),
      options: ['-S'],
    },
  ];
}
