import type { ResolvedEnvironment, Resources } from '../../environment/resolved-environment';
import { type Component, type Instance, objectLabels, objectMetadata } from '../../kubernetes/metadata';
import { type KubeCronJobProps, type KubeServiceAccountProps, Quantity } from '../../kubernetes/objects';
import {
  accountBasics,
  checksum,
  containerSecurity,
  environmentSources,
  environmentVariables,
  placementOf,
  podBasics,
  resourceRequirements,
} from '../../kubernetes/pod';
import type { Variable } from '../server/variables';
import { authorityMounts, authorityVolumes } from './ca-volumes';
import { SCRIPTS_PATH } from './constants';
import { programsName } from './programs';

/** A program beside the server, in MLflow's image, that runs at times and ends. */
export interface MaintenanceJob {
  readonly component: Component;
  /** Of the CronJob. */
  readonly name: string;
  /** A file of the ConfigMap of programs. */
  readonly program: string;
  /** The texts of the files that it uses. */
  readonly texts: readonly string[];
  readonly schedule: string;
  readonly timeZone: string;
  /** Whether it only runs when somebody makes a Job of it. */
  readonly suspend: boolean;
  /** Seconds after which a run is ended. */
  readonly timeLimit: number;
  /** How often a run that failed is tried again. */
  readonly retries: number;
  readonly variables: readonly Variable[];
  readonly resources: Resources | ResolvedEnvironment['server']['resources'];
}

/** Keeps a CronJob that rests from making the whole application look suspended in Argo CD. */
export const RESTS_ANNOTATIONS = { 'argocd.argoproj.io/ignore-healthcheck': 'true' } as const;

/** The account of such a program, which may do nothing. */
export const account = (
  instance: Instance,
  environment: ResolvedEnvironment,
  { component, name }: Pick<MaintenanceJob, 'component' | 'name'>,
): KubeServiceAccountProps => ({
  metadata: objectMetadata(instance, component, name),
  ...accountBasics(placementOf(environment)),
});

/** The CronJob of such a program, whose pods no selector of another component meets. */
export function cronJob(instance: Instance, environment: ResolvedEnvironment, job: MaintenanceJob): KubeCronJobProps {
  const labels = objectLabels(instance, job.component);
  return {
    metadata: objectMetadata(instance, job.component, job.name, job.suspend ? RESTS_ANNOTATIONS : {}),
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
              annotations: { ...instance.annotations, 'checksum/scripts': checksum(job.texts) },
            },
            spec: {
              ...podBasics(job.name, placementOf(environment)),
              // Each try is a pod of its own, whose log stays.
              restartPolicy: 'Never',
              containers: [
                {
                  name: job.component,
                  image: environment.image.reference,
                  imagePullPolicy: environment.image.pullPolicy,
                  command: ['python', `${SCRIPTS_PATH}/${job.program}`],
                  env: environmentVariables(job.variables),
                  envFrom: environmentSources(environment),
                  resources: resourceRequirements(job.resources),
                  securityContext: containerSecurity,
                  workingDir: '/tmp',
                  volumeMounts: [
                    { name: 'tmp', mountPath: '/tmp' },
                    { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
                    ...authorityMounts(environment),
                  ],
                },
              ],
              volumes: [
                { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('256Mi') } },
                { name: 'scripts', configMap: { name: programsName(instance.name) } },
                ...authorityVolumes(environment),
              ],
            },
          },
        },
      },
    },
  };
}
