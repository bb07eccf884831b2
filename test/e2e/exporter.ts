import { kubectl } from './lab';
import { psql } from './quickstart';

/** A password that lives as long as the test. */
const PASSWORD = 'exporter-of-the-test';

/** The variables of a postgres_exporter that reads the embedded PostgreSQL, by a role that is created for it. */
export async function exporterVariables() {
  // Who may see the sessions of others, as the exporter's document asks for.
  await psql(`CREATE ROLE exporter LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`);
  const path = 'jsonpath={.status.podIP}';
  const address = await kubectl(['-n', 'mlflow', 'get', 'pod', 'mlflow-database-0', '-o', path]);
  return {
    DATA_SOURCE_URI: `${address}:5432/mlflow?sslmode=disable`,
    DATA_SOURCE_USER: 'exporter',
    DATA_SOURCE_PASS: PASSWORD,
  };
}
