/** The texts of the programs that run inside the pods. They are read once, outside of the constructs. */
export interface Programs {
  /** `program.py`: how preparation and Jobs read variables, speak and end. */
  readonly common: string;
  /** `prepare.py`: brings databases, accounts and bucket to where the server needs them. */
  readonly prepare: string;
  /** `prepare_users.py`: its part for users that the environment declares. */
  readonly prepareUsers: string;
  /** `start.py`: empties the folder of counts before the server starts. */
  readonly start: string;
  /** `export_metrics.py`: shows what the server counted. */
  readonly exportMetrics: string;
  /** `stop.py`: lets a pod end without losing requests. */
  readonly stop: string;
  /** `mlflow_auth_cached.py`: remembers passwords found right, for releases that do not. */
  readonly authenticationCache: string;
  /** `maintenance.py`: the lock that garbage collection and its like take turns with. */
  readonly maintenance: string;
  /** `collect_garbage.py`: removes for good what was deleted long ago. */
  readonly collectGarbage: string;
  /** `garbage.py`: its part that tells what may go. */
  readonly garbage: string;
  /** `smoke_test.py`: uses the server once, as a client does. */
  readonly smokeTest: string;
  /** Programs that back up and restore, by file name. */
  readonly backup: Readonly<Record<string, string>>;
  /** `generate_secret.py`: makes a Secret that is missing. */
  readonly generateSecret: string;
  /** `initialize-database.sh`: makes the data directory and MLflow's role in an embedded PostgreSQL. */
  readonly initializeDatabase: string;
}

/** The ConfigMap of the programs that MLflow's own pods run. */
export const programsName = (instance: string): string => `${instance}-scripts`;
