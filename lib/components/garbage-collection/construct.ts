import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Instance } from '../../kubernetes/metadata';
import { KubeCronJob, KubeServiceAccount } from '../../kubernetes/objects';
import { garbageCollectionVariables } from '../server/variables';
import { garbageCollectionName } from '../shared/jobs';
import { account, cronJob, type MaintenanceJob } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';

/** What the garbage collection is made from. */
export interface GarbageCollectionProps {
  readonly instance: Instance;
  /** The whole environment: what runs MLflow follows from nearly all of it. */
  readonly environment: ResolvedEnvironment;
  readonly programs: Programs;
  readonly settings: NonNullable<ResolvedEnvironment['garbageCollection']>;
}

/** A CronJob that removes for good what was deleted long ago. */
export class GarbageCollection extends Construct {
  constructor(scope: Construct, id: string, { instance, environment, programs, settings }: GarbageCollectionProps) {
    super(scope, id);
    const job: MaintenanceJob = {
      ...settings,
      component: 'garbage-collection',
      name: garbageCollectionName(instance.name),
      program: 'collect_garbage.py',
      texts: [
        programs.collectGarbage,
        programs.garbage,
        programs.maintenance,
        programs.prepare,
        programs.prepareUsers,
        programs.common,
      ],
      // What stood in the way may be gone some minutes later; if not, there is a next time.
      retries: 2,
      variables: garbageCollectionVariables(environment, settings),
    };
    new KubeServiceAccount(this, 'ServiceAccount', account(instance, environment, job));
    new KubeCronJob(this, 'CronJob', cronJob(instance, environment, job));
  }
}
