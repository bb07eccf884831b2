import { Construct } from 'constructs';
import { KubeCronJob, KubeServiceAccount } from '../../kubernetes/objects';
import { artifactIdentity } from '../artifacts/identity';
import { artifactStore } from '../artifacts/stores';
import { databaseCa } from '../database/variables';
import type { ServerSections } from '../server/server-sections';
import { serverCa } from '../service/tls';
import type { Instance } from '../shared/instance';
import { cronJobProps, type MaintenanceJob, serviceAccountProps } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';
import { type GarbageCollection, garbageCollectionName } from './resolve';
import { garbageCollectionVariables } from './variables';

/** The package of programs that it runs. */
export const GARBAGE_COLLECTION_PROGRAM = 'garbage_collection';

/** What the garbage collection is created from. */
export interface GarbageCollectionJobProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** What it connects to, and the variables and certificates that it shares with the server. */
  readonly environment: ServerSections;
  readonly programs: Programs;
  readonly settings: GarbageCollection;
}

/** A CronJob that permanently removes what was deleted long ago. */
export class GarbageCollectionJob extends Construct {
  constructor(scope: Construct, id: string, { instance, environment, programs, settings }: GarbageCollectionJobProps) {
    super(scope, id);
    const job: MaintenanceJob = {
      ...settings,
      role: 'garbage-collection',
      name: garbageCollectionName(instance.name),
      program: GARBAGE_COLLECTION_PROGRAM,
      programs,
      // The cause of a failure may go away within minutes; if not, the next run follows.
      retries: 2,
      envFrom: environment.server.envFrom,
      files: [
        databaseCa(environment.database),
        ...artifactStore(environment.artifacts).mlflow.files,
        serverCa(environment.service),
      ],
      variables: garbageCollectionVariables(environment, settings),
      identity: artifactIdentity(environment),
    };
    if (!job.identity) new KubeServiceAccount(this, 'ServiceAccount', serviceAccountProps(instance, job));
    new KubeCronJob(this, 'CronJob', cronJobProps(instance, job));
  }
}
