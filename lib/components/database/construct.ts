import { Construct } from 'constructs';
import { type Container, IntOrString, type Probe, Quantity } from '../../kubernetes/objects';
import { environmentVariables } from '../../kubernetes/variables';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import { DATABASE_PORT, PROGRAMS_PATH } from '../shared/constants';
import type { StoreSettings } from '../shared/embedded';
import { EmbeddedStore } from '../shared/embedded-store';
import type { Instance } from '../shared/instance';
import { mountPrograms, PROGRAMS_MOUNT, type Programs } from '../shared/programs';
import { acceptedConnections, sharedBuffers } from './memory';
import { type Database, databaseName } from './resolve';
import { databaseCredentials } from './variables';

/** What the embedded PostgreSQL is created from. */
export interface EmbeddedDatabaseProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly database: Pick<Database, 'credentials' | 'maxConnections'>;
  readonly settings: StoreSettings;
  readonly programs: Programs;
  readonly sealedSecrets: readonly SealedSecret[];
}

const VOLUME = '/var/lib/postgresql/data';
/**
 * The script that creates the data directory and MLflow's role, and a passwd file: PostgreSQL's programs look up their
 * user, which the image does not contain.
 */
export const DATABASE_PROGRAMS = ['database/initialize.sh', 'database/passwd'] as const;

/** A PostgreSQL in the cluster, for one instance: one pod, one claim. */
export class EmbeddedDatabase extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { instance, database, settings, programs, sealedSecrets }: EmbeddedDatabaseProps,
  ) {
    super(scope, id);
    const name = databaseName(instance.name);
    const mounted = mountPrograms(instance.name, programs, DATABASE_PROGRAMS);

    new EmbeddedStore(this, 'Store', {
      instance,
      role: 'database',
      name,
      settings,
      sealedSecrets,
      port: { name: 'postgresql', number: DATABASE_PORT },
      // A fast shutdown writes everything to disk, which may take long on a slow one.
      gracePeriod: 120,
      podAnnotations: mounted.annotations,
      prepare: {
        name: 'initialize',
        command: ['sh', `${PROGRAMS_PATH}/database/initialize.sh`],
        env: [...environmentVariables(databaseCredentials(database)), PGDATA],
      },
      container: postgres(database, settings),
      volumes: [
        { name: 'run', emptyDir: { sizeLimit: Quantity.fromString('16Mi') } },
        // The default of 64 MiB is too small for some parallel queries.
        { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: Quantity.fromString('128Mi') } },
        mounted.volume,
      ],
    });
  }
}

/** A folder of its own, because the root of a volume may contain `lost+found`. */
const PGDATA = { name: 'PGDATA', value: `${VOLUME}/pgdata` };

function postgres(database: Pick<Database, 'maxConnections'>, { resources }: StoreSettings): Container {
  const settings = {
    listen_addresses: '*',
    max_connections: String(acceptedConnections(database)),
    shared_buffers: sharedBuffers(resources.limits.memory),
    // On a node with huge pages, a container that requests none would be killed at the first use.
    huge_pages: 'off',
  };
  const port = IntOrString.fromString('postgresql');
  const tcp: Probe = { tcpSocket: { port } };
  return {
    name: 'postgresql',
    // The lock keeps a second server off the volume if a pod is force-deleted while its processes still run.
    command: ['flock', '--no-fork', `${VOLUME}/lock`, 'postgres', ...Object.entries(settings).map(setting)],
    env: [PGDATA],
    // The port is already open during crash recovery, so no probe kills the container in between.
    startupProbe: { ...tcp, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 90 },
    readinessProbe: {
      exec: { command: ['pg_isready', '--quiet', '--host=127.0.0.1', '--username=postgres'] },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    livenessProbe: { ...tcp, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    // The fast shutdown, whatever STOPSIGNAL the image sets: the smart one of SIGTERM would wait for every client.
    lifecycle: { preStop: { exec: { command: ['sh', '-c', 'kill -INT 1'] } } },
    volumeMounts: [
      { name: 'data', mountPath: VOLUME },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'shared-memory', mountPath: '/dev/shm' },
      PROGRAMS_MOUNT,
      { ...PROGRAMS_MOUNT, mountPath: '/etc/passwd', subPath: 'database/passwd' },
    ],
  };
}

const setting = ([name, value]: readonly [string, string]) => `--${name}=${value}`;
