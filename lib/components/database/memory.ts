import { type Issue, violatedChecks } from '../../input/issue';
import { quantityValue } from '../../kubernetes/quantity';
import type { Database } from './resolve';

/** Memory of an embedded PostgreSQL itself, and for each active connection; a quarter is shared buffers. */
const MEMORY = { itself: quantityValue('64Mi'), connection: quantityValue('2Mi') };

/** Connections besides MLflow's: PostgreSQL reserves three for its superuser, and some are for operators. */
const FURTHER_CONNECTIONS = 10;

/** Connections that an embedded PostgreSQL accepts. */
export const acceptedConnections = ({ maxConnections }: Pick<Database, 'maxConnections'>): number =>
  maxConnections + FURTHER_CONNECTIONS;

/** An embedded PostgreSQL has the memory for the connections that it accepts. */
export function memoryIssues({ database }: { readonly database: Database }): Issue[] {
  const limit = database.embedded?.resources.limits.memory;
  const needed = (MEMORY.itself + acceptedConnections(database) * MEMORY.connection) / 0.75;
  return violatedChecks([
    {
      path: ['database', 'embedded', 'resources', 'limits', 'memory'],
      dependsOn: [['database', 'maxConnections']],
      violated: limit !== undefined && quantityValue(limit) < needed,
      message: `is ${limit}, but PostgreSQL with ${database.maxConnections} connections may need ${Math.ceil(needed / 2 ** 20)}Mi (raise it, or lower database.maxConnections)`,
    },
  ]);
}

/** PostgreSQL's shared buffers, in its own unit: a quarter of the memory, as its documentation advises. */
export function sharedBuffers(memory: string): string {
  return `${Math.max(16, Math.floor(quantityValue(memory) / 4 / 2 ** 20))}MB`;
}
