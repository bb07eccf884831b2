import { Construct } from 'constructs';
import { KubeCronJob, KubeServiceAccount } from '../../kubernetes/objects';
import type { Resources } from '../../kubernetes/pod';
import type { ServerSections } from '../server/server-sections';
import { serverCa } from '../service/tls';
import type { Instance } from '../shared/instance';
import { cronJobProps, JOB_DISK, type MaintenanceJob, NEVER, serviceAccountProps } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';
import { smokeTestName } from './resolve';
import { smokeTestFiles, smokeTestIdentity, smokeTestVariables } from './variables';

/** What the smoke test needs on 3.1.0 and 3.18.0, plus 50 %. */
const RESOURCES: Resources = {
  requests: { cpu: '100m', memory: '768Mi', 'ephemeral-storage': JOB_DISK },
  limits: { cpu: '1', memory: '768Mi', 'ephemeral-storage': JOB_DISK },
};

/** The package of programs that it runs. */
export const SMOKE_TEST_PROGRAM = 'smoke_test';

/** What the smoke test is created from. */
export interface SmokeTestProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** What it connects to, and the variables and certificates that it shares with the server. */
  readonly environment: ServerSections;
  readonly programs: Programs;
}

/** A test of the running server that runs when you create a Job from it. */
export class SmokeTest extends Construct {
  constructor(scope: Construct, id: string, { instance, environment, programs }: SmokeTestProps) {
    super(scope, id);
    const job: MaintenanceJob = {
      role: 'smoke-test',
      name: smokeTestName(instance.name),
      program: SMOKE_TEST_PROGRAM,
      programs,
      schedule: NEVER,
      timeZone: 'Etc/UTC',
      suspend: true,
      timeLimit: 600,
      // A test that is retried until it passes proves nothing.
      retries: 0,
      envFrom: environment.server.envFrom,
      files: [...smokeTestFiles(environment), serverCa(environment.service)],
      variables: smokeTestVariables(environment),
      resources: RESOURCES,
      identity: smokeTestIdentity(environment),
    };
    if (!job.identity) new KubeServiceAccount(this, 'ServiceAccount', serviceAccountProps(instance, job));
    new KubeCronJob(this, 'CronJob', cronJobProps(instance, job));
  }
}
