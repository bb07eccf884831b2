import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import type { Alert, PlacedPanel } from '../shared/contributions/observability';
import { selector } from '../shared/contributions/promql';
import type { Database } from './resolve';

/** The sections that alerts about PostgreSQL follow from. */
export interface ObservedDatabase extends WithRules {
  readonly name: string;
  readonly database: Database;
}

/** Connections to the databases of the instance, from a postgres_exporter in any namespace. */
const connections = ({ name, authName }: Database): string =>
  `pg_stat_activity_count${selector({ datname: [...new Set([name, authName])] })}`;

/** Too many connections are open. */
export function databaseAlerts(resolved: ObservedDatabase): Alert[] {
  const { name, database } = resolved;
  const { connectionPercent } = thresholdsOf(resolved);
  const most = database.maxConnections;
  return [
    {
      name: 'MlflowDatabaseConnections',
      group: 'mlflow-stores',
      severity: 'warning',
      query: `100 * max(sum by (instance) (${connections(database)})) / ${most} > ${connectionPercent}`,
      minutes: 10,
      summary: `MLflow ${name} uses {{ $value | printf "%.0f" }} % of its ${most} connections to PostgreSQL`,
      description:
        'Beyond database.maxConnections, PostgreSQL may refuse connections of new pods and of its other clients.',
    },
  ];
}

/** Open connections and their limit. */
export const databasePanels = ({ database }: ObservedDatabase): PlacedPanel[] => [
  {
    row: 'stores',
    title: 'Connections to PostgreSQL',
    description: 'Needs postgres_exporter for this PostgreSQL.',
    kind: 'lines',
    unit: 'none',
    queries: [
      { query: `sum by (datname) (${connections(database)})`, legend: '{{datname}}' },
      { query: `vector(${database.maxConnections})`, legend: 'limit' },
    ],
  },
];
