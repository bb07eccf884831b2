import { objectLabels, objectMetadata, type Role } from '../../kubernetes/metadata';
import {
  type CronJobSpec,
  type KubeCronJobProps,
  type KubeServiceAccountProps,
  type PodFailurePolicyRule,
  type PodSpec,
  Quantity,
  type Volume,
} from '../../kubernetes/objects';
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
import { PROGRAMS_PATH } from './constants';
import type { Instance } from './instance';
import { fileMounts, fileVolumes, type MountedFile } from './mounted-files';
import type { PodIdentity } from './pod-identity';
import { mountPrograms, PROGRAMS_MOUNT, type Programs } from './programs';

/** Ephemeral storage that such a Job needs: its log and /tmp. */
export const JOB_DISK = '512Mi';

/** A program in MLflow's image that runs to completion, on a schedule or on demand. */
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
  /** Seconds after which a run is terminated. */
  readonly timeLimit: number;
  /** How often a failed run is retried. */
  readonly retries: number;
  readonly variables: readonly Variable[];
  readonly resources: Resources;
  /** Sources of further variables. */
  readonly envFrom: readonly VariableSource[];
  readonly files: readonly MountedFile[];
  /** As whom it logs in without keys. @default an account of its own, without an identity */
  readonly identity?: PodIdentity & { readonly account: string };
}

/** Keeps a suspended CronJob from making the whole application look suspended in Argo CD. */
export const SUSPENDED_ANNOTATIONS = { 'argocd.argoproj.io/ignore-healthcheck': 'true' } as const;

/** The account of such a program, which has no permissions. */
export const serviceAccountProps = (
  instance: Instance,
  { role, name }: Pick<MaintenanceJob, 'role' | 'name'>,
  annotations: Readonly<Record<string, string>> = {},
): KubeServiceAccountProps => ({
  metadata: objectMetadata(instance, role, name, annotations),
  ...accountBasics(instance.placement),
});

/** A schedule for a CronJob that is suspended: it must have one. */
export const NEVER = '0 0 1 1 *';

/** The program that a package of programs starts with. */
export const entryPointOf = (program: string): string => `${program}/__main__.py`;

/** What the CronJobs of all such programs have in common. */
interface JobSettings {
  readonly role: Role;
  /** Seconds after which a run is terminated. */
  readonly timeLimit: number;
  /** How often a failed run is retried. */
  readonly retries: number;
  /** Annotations of the pods, which identify the programs that a pod ran. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Further labels of the pods. @default none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Pod failure rules before those of every Job. @default none */
  readonly failureRules?: readonly PodFailurePolicyRule[];
}

/** Schedule, limits and history of such Jobs. No selector of another component matches their pods. */
export function jobSpec(
  instance: Instance,
  { role, timeLimit, retries, annotations, podLabels = {}, failureRules = [] }: JobSettings,
  pod: PodSpec,
): Omit<CronJobSpec, 'schedule' | 'timeZone' | 'suspend'> {
  const labels = objectLabels(instance, role);
  const own = objectLabels({ ...instance, labels: { ...instance.labels, ...podLabels } }, role);
  return {
    concurrencyPolicy: 'Forbid',
    // If the start is missed by more than this, the next one follows.
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: timeLimit,
        podFailurePolicy: {
          // A drained node is not a failure of the Job, and does not count as an attempt.
          rules: [
            ...failureRules,
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          ],
        },
        template: {
          metadata: { labels: own, annotations: { ...instance.annotations, ...annotations } },
          // Each attempt is a pod of its own, whose log is kept.
          spec: { ...pod, restartPolicy: 'Never' },
        },
      },
    },
  };
}

/** The CronJob of such a program. */
export function cronJobProps(instance: Instance, job: MaintenanceJob): KubeCronJobProps {
  const mounted = mountPrograms(instance.name, job.programs, [entryPointOf(job.program)]);
  return {
    metadata: objectMetadata(instance, job.role, job.name, job.suspend ? SUSPENDED_ANNOTATIONS : {}),
    spec: {
      schedule: job.schedule,
      timeZone: job.timeZone,
      suspend: job.suspend,
      ...jobSpec(
        instance,
        {
          ...job,
          podLabels: job.identity?.podLabels,
          annotations: { ...job.identity?.podAnnotations([]), ...mounted.annotations },
        },
        pod(instance, job, mounted.volume),
      ),
    },
  };
}

const pod = (instance: Instance, job: MaintenanceJob, programs: Volume): PodSpec => ({
  ...podBasics(job.identity?.account ?? job.name, instance.placement),
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
      volumeMounts: [
        { name: 'tmp', mountPath: '/tmp' },
        PROGRAMS_MOUNT,
        ...fileMounts(job.files),
        ...(job.identity?.mounts ?? []),
      ],
    },
  ],
  volumes: [
    { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('256Mi') } },
    programs,
    ...fileVolumes(job.files),
    ...(job.identity?.volumes ?? []),
  ],
});
