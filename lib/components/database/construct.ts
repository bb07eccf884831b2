import { Construct } from 'constructs';
import { objectMetadata, PROGRAM_ANNOTATIONS } from '../../kubernetes/metadata';
import { type Container, IntOrString, KubeConfigMap, type Probe, Quantity } from '../../kubernetes/objects';
import { checksum, USER_ID } from '../../kubernetes/pod';
import { environmentVariables } from '../../kubernetes/variables';
import type { SealedSecret } from '../../sealed-secrets/sealed-secret';
import { DATABASE_PORT, SCRIPTS_PATH } from '../shared/constants';
import type { StoreSettings } from '../shared/embedded';
import { EmbeddedStore } from '../shared/embedded-store';
import type { Instance } from '../shared/instance';
import { acceptedConnections, sharedBuffers } from './memory';
import { type Database, databaseName } from './resolve';
import { databaseCredentials } from './variables';

/** What the embedded PostgreSQL is created from. */
export interface EmbeddedDatabaseProps {
  readonly instance: Instance;
  readonly database: Pick<Database, 'credentials' | 'maxConnections'>;
  readonly settings: StoreSettings;
  /** `initialize-database.sh`, which creates the data directory and MLflow's role. */
  readonly initialize: string;
  readonly sealedSecrets: readonly SealedSecret[];
}

const VOLUME = '/var/lib/postgresql/data';
const SCRIPT = 'initialize-database.sh';

/** A PostgreSQL in the cluster, for one instance: one pod, one claim. */
export class EmbeddedDatabase extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { instance, database, settings, initialize, sealedSecrets }: EmbeddedDatabaseProps,
  ) {
    super(scope, id);
    const name = databaseName(instance.name);
    const files = {
      [SCRIPT]: initialize,
      // PostgreSQL's programs ask for the name of the user that they run as, and the image knows none with this number.
      passwd: `root:x:0:0:root:/root:/bin/sh\npostgres:x:${USER_ID}:${USER_ID}:PostgreSQL:/tmp:/bin/sh\n`,
    };

    const scripts = new KubeConfigMap(this, 'Scripts', {
      metadata: objectMetadata(
        { ...instance, version: settings.version },
        'database',
        `${name}-scripts`,
        PROGRAM_ANNOTATIONS,
      ),
      data: files,
    });

    new EmbeddedStore(this, 'Store', {
      instance,
      role: 'database',
      name,
      settings,
      sealedSecrets,
      port: { name: 'postgresql', number: DATABASE_PORT },
      // A fast shutdown writes everything to disk, which may take its time on a slow one.
      gracePeriod: 120,
      podAnnotations: { 'checksum/scripts': checksum(files) },
      prepare: {
        name: 'initialize',
        command: ['sh', `${SCRIPTS_PATH}/${SCRIPT}`],
        env: [...environmentVariables(databaseCredentials(database)), PGDATA],
      },
      container: postgres(database, settings),
      volumes: [
        { name: 'run', emptyDir: { sizeLimit: Quantity.fromString('16Mi') } },
        // The 64 MiB that a container has by default are too few for some parallel queries.
        { name: 'shared-memory', emptyDir: { medium: 'Memory', sizeLimit: Quantity.fromString('128Mi') } },
        { name: 'scripts', configMap: { name: scripts.name } },
      ],
    });
  }
}

/** In a folder of its own, since the top of a volume may hold `lost+found`. */
const PGDATA = { name: 'PGDATA', value: `${VOLUME}/pgdata` };

function postgres(database: Pick<Database, 'maxConnections'>, { resources }: StoreSettings): Container {
  const settings = {
    listen_addresses: '*',
    max_connections: String(acceptedConnections(database)),
    shared_buffers: sharedBuffers(resources.limits.memory),
    // On a node with huge pages a container that asked for none would be killed at the first use.
    huge_pages: 'off',
  };
  const port = IntOrString.fromString('postgresql');
  const tcp: Probe = { tcpSocket: { port } };
  return {
    name: 'postgresql',
    // The lock keeps a second server off the volume, should a pod be deleted by force while its processes live on.
    command: ['flock', '--no-fork', `${VOLUME}/lock`, 'postgres', ...Object.entries(settings).map(setting)],
    env: [PGDATA],
    // While it recovers after a crash the port is open already, so that no probe ends it halfway.
    startupProbe: { ...tcp, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 90 },
    readinessProbe: {
      exec: { command: ['pg_isready', '--quiet', '--host=127.0.0.1', '--username=postgres'] },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    livenessProbe: { ...tcp, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    // The fast shutdown, whatever signal the image asks for: the smart one of SIGTERM would wait for every client.
    lifecycle: { preStop: { exec: { command: ['sh', '-c', 'kill -INT 1'] } } },
    volumeMounts: [
      { name: 'data', mountPath: VOLUME },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'shared-memory', mountPath: '/dev/shm' },
      { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
      { name: 'scripts', mountPath: '/etc/passwd', subPath: 'passwd', readOnly: true },
    ],
  };
}

const setting = ([name, value]: readonly [string, string]) => `--${name}=${value}`;
