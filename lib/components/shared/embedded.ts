import type { Environment } from '../../environment/model';
import type { ResolvedEnvironment, StoreSettings } from '../../environment/resolved-environment';
import { type Issue, violatedChecks } from '../../input/issue';
import { quantityValue } from '../../kubernetes/quantity';
import { OBJECT_STORE_PORT } from './constants';

/** The Service of an embedded PostgreSQL, and of its claim and all else that belongs to it. */
export const databaseName = (instance: string): string => `${instance}-database`;

/** The same of an embedded object store. */
export const objectStoreName = (instance: string): string => `${instance}-object-store`;

/** The bucket in an embedded store, unless another is named. */
export const EMBEDDED_BUCKET = 'mlflow-artifacts';

/** Where the server finds an embedded object store. */
export const objectStoreEndpoint = (instance: string): string =>
  `http://${objectStoreName(instance)}:${OBJECT_STORE_PORT}`;

/** Disk of the node for an embedded store: little more than its log, since all else is on the claim. */
const DISK = '256Mi';

type Given = NonNullable<Environment['database']['embedded']> | NonNullable<Environment['artifacts']['embedded']>;

/** An embedded store with nothing left open. */
export function resolveEmbedded({ image, storage, resources }: Given, name: string): StoreSettings {
  return {
    image: imageReference(image),
    // As a label takes it, which starts and ends with a letter or digit.
    version: image.tag.slice(0, 63).replace(/^_+|[-._]+$/g, ''),
    claim: { ...storage, name: storage.name ?? name, accessMode: 'ReadWriteOnce' },
    resources: {
      requests: {
        cpu: resources.requests.cpu,
        memory: resources.requests.memory ?? resources.limits.memory,
        'ephemeral-storage': DISK,
      },
      limits: { ...resources.limits, 'ephemeral-storage': DISK },
    },
  };
}

/** No two claims with one name: programs on one volume would overwrite each other's files. */
export function claimIssues({ storage, database, artifacts }: ResolvedEnvironment): Issue[] {
  const claims = [
    { path: ['database', 'embedded', 'storage', 'name'], name: database.embedded?.claim.name },
    { path: ['artifacts', 'embedded', 'storage', 'name'], name: artifacts.embedded?.claim.name },
    { path: ['storage', 'data', 'name'], name: storage.data?.name },
  ];
  const checks = claims.map(({ path, name }, index) => ({
    path,
    violated: name !== undefined && claims.slice(0, index).some((other) => other.name === name),
    message: `is ${name}, which another claim has already (name another)`,
  }));
  return violatedChecks(checks);
}

/** An image with its tag and digest, as a pod names it. */
export function imageReference(image: { repository: string; tag?: string; digest?: string }): string {
  return `${image.repository}${image.tag ? `:${image.tag}` : ''}${image.digest ? `@${image.digest}` : ''}`;
}

/** Memory of an embedded PostgreSQL by itself, and for each connection that works; a quarter is shared buffers. */
const MEMORY = { itself: quantityValue('64Mi'), connection: quantityValue('2Mi') };

/** An embedded PostgreSQL has the memory for the connections that it is set up for. */
export function databaseMemoryIssues({ database }: ResolvedEnvironment): Issue[] {
  const limit = database.embedded?.resources.limits.memory;
  const connections = database.maxConnections + FURTHER_CONNECTIONS;
  const needed = (MEMORY.itself + connections * MEMORY.connection) / 0.75;
  const path = ['database', 'embedded', 'resources', 'limits', 'memory'];
  return violatedChecks([
    {
      path,
      violated: limit !== undefined && quantityValue(limit) < needed,
      message: `is ${limit}, but PostgreSQL with ${database.maxConnections} connections may take ${Math.ceil(needed / 2 ** 20)}Mi (raise it, or lower database.maxConnections)`,
    },
  ]);
}

/** Connections beside MLflow's: PostgreSQL reserves three for its superuser, and somebody may want to look. */
export const FURTHER_CONNECTIONS = 10;

/** PostgreSQL's shared buffers, in its own unit: a quarter of the memory, as its documentation advises. */
export function sharedBuffers(memory: string): string {
  return `${Math.max(16, Math.floor(quantityValue(memory) / 4 / 2 ** 20))}MB`;
}
