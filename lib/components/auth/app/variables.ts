import type { Variable } from '../../../kubernetes/variables';
import { databaseUri } from '../../shared/database-uri';
import type { App } from './resolve';

/** The variables by which the app in the server's container reads its settings. */
export const appVariables = ({ env, envReferences, database }: App): Variable[] => [
  ...Object.entries(env).map(([name, value]) => ({ name, value })),
  ...Object.entries(envReferences).map(([name, { secret, configMap = '', key }]) =>
    secret ? { name, secret, key } : { name, configMap, key },
  ),
  ...(database ? [{ name: database.variable, value: databaseUri(database.name) }] : []),
];
