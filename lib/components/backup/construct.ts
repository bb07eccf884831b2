import { Construct } from 'constructs';
import { objectMetadata, selectorLabels } from '../../kubernetes/metadata';
import {
  type Container,
  type CronJobSpec,
  KubeCronJob,
  KubeServiceAccount,
  type PodFailurePolicyRule,
  type PodSpec,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../../kubernetes/objects';
import { containerSecurity, environmentSources, podBasics, resourceRequirements } from '../../kubernetes/pod';
import { environmentVariables, type Variable } from '../../kubernetes/variables';
import { claimMounts, claimVolumes } from '../artifacts/mounts';
import { artifactStore } from '../artifacts/stores';
import { databaseCa } from '../database/variables';
import { PROGRAMS_PATH } from '../shared/constants';
import type { Claim } from '../shared/contributions/claims';
import type { Instance } from '../shared/instance';
import { jobSpec, NEVER, SUSPENDED_ANNOTATIONS, serviceAccountProps } from '../shared/maintenance-job';
import { fileMounts, fileVolumes, type MountedFile } from '../shared/mounted-files';
import { mountPrograms, PROGRAMS_MOUNT, type Programs } from '../shared/programs';
import { isUnshared } from '../shared/unshared-claim';
import { backupDestination } from './destinations/destinations';
import { backupIdentity } from './identity';
import { backupName, restoreName } from './names';
import { BACKUP_PATH } from './paths';
import type { Backup } from './resolve';
import {
  type BackupSections,
  backupVariables,
  postgresqlClientVariables,
  restoreVariables,
  WORK_PATH,
} from './variables';

/** What backup and restore are created from. */
export interface BackupJobsProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The sources of the backup. */
  readonly environment: BackupSections;
  readonly backup: Backup;
  readonly programs: Programs;
}

/** The programs that the pod of a backup starts. */
export const BACKUP_PROGRAMS = ['backup/__main__.py', 'backup/postgresql_client.sh'] as const;
/** The programs that the pod of a restore starts. */
export const RESTORE_PROGRAMS = ['restore/__main__.py', 'backup/postgresql_client.sh'] as const;

/** The CronJob that backs up, and the suspended one that Jobs are created from which restore. */
export class BackupJobs extends Construct {
  constructor(scope: Construct, id: string, props: BackupJobsProps) {
    super(scope, id);
    const { instance, environment, backup } = props;
    const name = backupName(instance.name);
    const identity = backupIdentity(environment, backup);
    if ((identity?.account ?? name) === name) {
      const props = serviceAccountProps(instance, { role: 'backup', name }, identity?.accountAnnotations);
      new KubeServiceAccount(this, 'ServiceAccount', props);
    }

    new KubeCronJob(this, 'Backup', {
      metadata: objectMetadata(instance, 'backup', name),
      spec: {
        schedule: backup.schedule,
        timeZone: backup.timeZone,
        ...job(props, {
          name: 'backup',
          entryPoints: BACKUP_PROGRAMS,
          variables: backupVariables(environment, backup),
          retries: 2,
          besideServer: true,
        }),
      },
    });

    new KubeCronJob(this, 'Restore', {
      metadata: objectMetadata(instance, 'backup', restoreName(instance.name), SUSPENDED_ANNOTATIONS),
      spec: {
        // Never on a schedule: you create a Job from it with kubectl create job --from.
        suspend: true,
        schedule: NEVER,
        timeZone: backup.timeZone,
        ...job(props, {
          name: 'restore',
          entryPoints: RESTORE_PROGRAMS,
          variables: restoreVariables(environment, backup),
          retries: 0,
          besideServer: false,
        }),
      },
    });
  }
}

interface Program {
  readonly name: string;
  readonly entryPoints: readonly string[];
  readonly variables: readonly Variable[];
  readonly retries: number;
  /** Whether the server runs meanwhile, and may hold a volume on its node. */
  readonly besideServer: boolean;
}

/** Failures that a retry does not fix: you must correct the location or the target. */
export const FINAL_CODES: readonly number[] = [23, 24, 41, 50, 60, 61, 62, 64];

function job(props: BackupJobsProps, program: Program): Omit<CronJobSpec, 'schedule' | 'timeZone' | 'suspend'> {
  const { instance, environment, backup, programs } = props;
  const mounted = mountPrograms(instance.name, programs, program.entryPoints);
  const identity = backupIdentity(environment, backup);
  return jobSpec(
    instance,
    {
      role: 'backup',
      timeLimit: backup.timeout,
      retries: program.retries,
      annotations: { ...identity?.podAnnotations([CLIENT]), ...mounted.annotations },
      podLabels: identity?.podLabels,
      failureRules: [failAt(program.name)],
    },
    pod(props, program, mounted.volume),
  );
}

/** The type requires conditions too, which Kubernetes forbids together with exit codes. */
const failAt = (containerName: string): PodFailurePolicyRule =>
  ({
    action: 'FailJob',
    onExitCodes: { containerName, operator: 'In', values: [...FINAL_CODES] },
  }) as unknown as PodFailurePolicyRule;

/** The container with PostgreSQL's programs. */
const CLIENT = 'postgresql-client';

/** Two containers that work together: the program, and PostgreSQL's programs, which its image does not have. */
function pod({ instance, environment, backup }: BackupJobsProps, program: Program, programs: Volume): PodSpec {
  const cas = certificates(environment, backup);
  const store = backup.artifacts ? artifactStore(environment.artifacts) : undefined;
  const identity = backupIdentity(environment, backup);
  const { claim } = backupDestination(backup.destination);
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'work', mountPath: WORK_PATH },
    PROGRAMS_MOUNT,
    ...(claim ? [{ name: 'backup', mountPath: BACKUP_PATH }] : []),
    ...(store ? claimMounts(store) : []),
    ...fileMounts(cas),
  ];
  const common = {
    imagePullPolicy: instance.placement.pullPolicy,
    securityContext: containerSecurity,
    volumeMounts: mounts,
    workingDir: '/tmp',
  };
  const main: Container = {
    ...common,
    name: program.name,
    image: instance.image,
    // `python -m` looks for modules in the working directory first.
    workingDir: PROGRAMS_PATH,
    command: ['python', '-m', program.name],
    volumeMounts: [...mounts, ...(identity?.mounts ?? [])],
    env: environmentVariables(program.variables),
    envFrom: environmentSources(environment.server.envFrom),
    resources: resourceRequirements(backup.resources),
  };
  const client: Container = {
    ...common,
    name: CLIENT,
    image: backup.image,
    command: ['sh', `${PROGRAMS_PATH}/backup/postgresql_client.sh`],
    env: environmentVariables(postgresqlClientVariables(environment)),
    resources: resourceRequirements({
      requests: { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
    }),
  };
  return {
    ...podBasics(identity?.account ?? backupName(instance.name), instance.placement),
    ...(store?.volume && program.besideServer ? { affinity: besideServer(instance, store.volume.claim) } : {}),
    containers: [main, client],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
      { name: 'work', emptyDir: { sizeLimit: Quantity.fromString(backup.temporaryStorage) } },
      programs,
      ...(claim ? [{ name: 'backup', persistentVolumeClaim: { claimName: claim.name } }] : []),
      ...(store ? claimVolumes(store) : []),
      ...fileVolumes(cas),
      ...(identity?.volumes ?? []),
    ],
  };
}

/** The node of the server, if only one node at a time can use the claim that both mount. */
const besideServer = (instance: Instance, { accessMode }: Claim): PodSpec['affinity'] =>
  isUnshared(accessMode)
    ? {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              labelSelector: { matchLabels: selectorLabels(instance, 'server') },
              topologyKey: 'kubernetes.io/hostname',
            },
          ],
        },
      }
    : undefined;

/** The CA certificates of PostgreSQL and of the stores. */
function certificates(environment: BackupSections, { destination, artifacts }: Backup): MountedFile[] {
  return [
    databaseCa(environment.database),
    ...(artifacts ? artifactStore(environment.artifacts).backup.files : []),
    ...backupDestination(destination).files,
  ];
}
