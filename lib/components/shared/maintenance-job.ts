import { objectLabels, objectMetadata, type Role } from '../../kubernetes/metadata';
import { type KubeCronJobProps, type KubeServiceAccountProps, Quantity } from '../../kubernetes/objects';
import {
  accountBasics,
  containerSecurity,
  environmentSources,
  podBasics,
  type Resources,
  resourceRequirements,
  type VariableSource,
} from '../../kubernetes/pod';
import { environmentVariables, type Variable } from '../../kubernetes/variables';
import { caMounts, caVolumes, type MountedCa } from './ca-volumes';
import { PROGRAMS_PATH } from './constants';
import type { Instance } from './instance';
import { mountPrograms, PROGRAMS_MOUNT, type Programs } from './programs';

/** Disk that such a Job needs on the node: its log, and what passes through /tmp. */
export const JOB_DISK = '512Mi';

/** A program beside the server, in MLflow's image, that runs at times and ends. */
export interface MaintenanceJob {
  readonly role: Role;
  /** Of the CronJob. */
  readonly name: string;
  /** The package of programs that it runs, as in `smoke_test`. */
  readonly program: string;
  readonly programs: Programs;
  readonly schedule: string;
  readonly timeZone: string;
  /** Whether it only runs when you create a Job from it. */
  readonly suspend: boolean;
  /** Seconds after which a run is ended. */
  readonly timeLimit: number;
  /** How often a run that failed is tried again. */
  readonly retries: number;
  readonly variables: readonly Variable[];
  readonly resources: Resources;
  /** Sources of further variables. */
  readonly envFrom: readonly VariableSource[];
  readonly certificates: readonly MountedCa[];
}

/** Keeps a CronJob that rests from making the whole application look suspended in Argo CD. */
export const RESTS_ANNOTATIONS = { 'argocd.argoproj.io/ignore-healthcheck': 'true' } as const;

/** The account of such a program, which has no permissions. */
export const serviceAccountProps = (
  instance: Instance,
  { role, name }: Pick<MaintenanceJob, 'role' | 'name'>,
): KubeServiceAccountProps => ({
  metadata: objectMetadata(instance, role, name),
  ...accountBasics(instance.placement),
});

/** The CronJob of such a program, whose pods no selector of another component meets. */
export function cronJobProps(instance: Instance, job: MaintenanceJob): KubeCronJobProps {
  const mounted = mountPrograms(instance.name, job.programs, [`${job.program}/__main__.py`]);
  const labels = objectLabels(instance, job.role);
  return {
    metadata: objectMetadata(instance, job.role, job.name, job.suspend ? RESTS_ANNOTATIONS : {}),
    spec: {
      schedule: job.schedule,
      timeZone: job.timeZone,
      suspend: job.suspend,
      concurrencyPolicy: 'Forbid',
      // Later than that the next time will do.
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit: job.retries,
          activeDeadlineSeconds: job.timeLimit,
          // A node that is drained is not its issue, and no try.
          podFailurePolicy: {
            rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
          },
          template: {
            metadata: {
              labels,
              // So that a pod tells which programs it ran.
              annotations: { ...instance.annotations, ...mounted.annotations },
            },
            spec: {
              ...podBasics(job.name, instance.placement),
              // Each try is a pod of its own, whose log stays.
              restartPolicy: 'Never',
              containers: [
                {
                  name: job.role,
                  image: instance.image,
                  imagePullPolicy: instance.placement.pullPolicy,
                  command: ['python', '-m', job.program],
                  env: environmentVariables(job.variables),
                  envFrom: environmentSources(job.envFrom),
                  resources: resourceRequirements(job.resources),
                  securityContext: containerSecurity,
                  workingDir: PROGRAMS_PATH,
                  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, PROGRAMS_MOUNT, ...caMounts(job.certificates)],
                },
              ],
              volumes: [
                { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('256Mi') } },
                mounted.volume,
                ...caVolumes(job.certificates),
              ],
            },
          },
        },
      },
    },
  };
}
