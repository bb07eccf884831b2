import { z } from 'zod';
import { dataKey, objectName } from '../../../kubernetes/fields';
import { databaseName } from '../../database/section';
import { section } from '../../shared/sections/fields';
import { variableName, variables } from '../../shared/sections/variables';

/** An authentication app that the image brings. */
export const app = section({
  name: z
    .string()
    .max(100)
    .regex(/^[a-zA-Z0-9]([-._a-zA-Z0-9]*[a-zA-Z0-9])?$/, 'must be letters, digits, -, _ and .')
    .describe('Name of the app, as its package registers it as an entry point `mlflow.app`: `oidc-auth`.'),
  env: variables().describe(
    'Environment variables of the server, for the app: its settings, in the form of `server.env`. A secret value is ' +
      'named by the Secret and its key: `OIDC_CLIENT_SECRET: { secret: mlflow-oidc, key: client-secret }`. No other ' +
      'program gets them. The network policy allows the URLs in them.',
  ),
  database: section({
    variable: variableName().describe(
      'Variable in which the app reads the URI of its database: `OIDC_USERS_DB_URI`. It gets one without a password: ' +
        'the app connects as MLflow does, by the PostgreSQL of `database` and its credentials.',
    ),
    name: databaseName()
      .default('mlflow_auth_app')
      .describe('Database of the app, beside those of MLflow. The app creates its tables.'),
  })
    .optional()
    .describe('A database of the app, which `prepare` waits for and creates as `database.create` says.'),
  login: section({
    secret: objectName().describe('Secret in the namespace.'),
    usernameKey: dataKey().default('username').describe('Key of the Secret that contains the username.'),
    passwordKey: dataKey().default('password').describe('Key of the Secret that contains the password or token.'),
  })
    .optional()
    .describe(
      'Login of an administrator of the app, for garbage collection and the smoke test, which send it as HTTP basic ' +
        'authentication. You create it in the app.',
    ),
}).describe(
  "An authentication app that the image brings, in place of MLflow's basic-auth: it asks for logins and decides who may " +
    'do what, instead of MLflow and of the start program. MLflow 3.3 and newer.',
);
