import { Construct } from 'constructs';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Instance } from '../../kubernetes/metadata';
import { KubeCronJob, KubeServiceAccount } from '../../kubernetes/objects';
import { smokeTestVariables } from '../server/variables';
import { SMOKE_TEST_RESOURCES, smokeTestName } from '../shared/jobs';
import { account, cronJob, type MaintenanceJob } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';

/** What the smoke test is made from. */
export interface SmokeTestProps {
  readonly instance: Instance;
  /** The whole environment: what runs MLflow follows from nearly all of it. */
  readonly environment: ResolvedEnvironment;
  readonly programs: Programs;
}

/** A test of the running server that waits for somebody to make a Job of it. */
export class SmokeTest extends Construct {
  constructor(scope: Construct, id: string, { instance, environment, programs }: SmokeTestProps) {
    super(scope, id);
    const job: MaintenanceJob = {
      component: 'smoke-test',
      name: smokeTestName(instance.name),
      program: 'smoke_test.py',
      texts: [programs.smokeTest, programs.common],
      // A CronJob must have a schedule; this one rests.
      schedule: '0 0 1 1 *',
      timeZone: 'Etc/UTC',
      suspend: true,
      timeLimit: 600,
      // A test that is tried until it passes tells nothing.
      retries: 0,
      variables: smokeTestVariables(environment),
      resources: SMOKE_TEST_RESOURCES,
    };
    new KubeServiceAccount(this, 'ServiceAccount', account(instance, environment, job));
    new KubeCronJob(this, 'CronJob', cronJob(instance, environment, job));
  }
}
