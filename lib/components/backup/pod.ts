import { selectorLabels } from '../../kubernetes/metadata';
import {
  type Container,
  type CronJobSpec,
  type PodFailurePolicyRule,
  type PodSpec,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../../kubernetes/objects';
import {
  containerSecurity,
  environmentSources,
  podBasics,
  type Resources,
  resourceRequirements,
} from '../../kubernetes/pod';
import { environmentVariables, type Variable } from '../../kubernetes/variables';
import { claimMounts, claimVolumes } from '../artifacts/mounts';
import { artifactStore } from '../artifacts/stores';
import { PROGRAMS_PATH } from '../shared/constants';
import type { Claim } from '../shared/contributions/claims';
import type { Instance } from '../shared/instance';
import { jobSpec } from '../shared/maintenance-job';
import { fileMounts, fileVolumes, type MountedFile } from '../shared/mounted-files';
import { mountPrograms, PROGRAMS_MOUNT, type Programs } from '../shared/programs';
import { isUnshared } from '../shared/unshared-claim';
import { backupDestination } from './destinations/destinations';
import { backupIdentity } from './identity';
import { BACKUP_PATH } from './paths';
import type { Backup } from './resolve';
import { type BackupSections, WORK_PATH } from './variables';

/** What the Jobs of backups are created from. */
export interface BackupJobsProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  /** The sources of the backup. */
  readonly environment: BackupSections;
  readonly backup: Backup;
  readonly programs: Programs;
}

/** A program that reads or writes backups, with another one that runs PostgreSQL's programs for it. */
export interface BackupProgram {
  /** The package of programs, and the container that runs it. */
  readonly name: string;
  readonly role: string;
  /** The account of its pods, unless they have an identity. */
  readonly account: string;
  readonly entryPoints: readonly string[];
  readonly variables: readonly Variable[];
  /** The variables of PostgreSQL's programs. */
  readonly clientVariables: readonly Variable[];
  /** Further mounts of their container. @default none */
  readonly clientMounts?: readonly VolumeMount[];
  /** Whether it only reads backups. */
  readonly readOnly: boolean;
  /** Files besides those of the stores. */
  readonly files: readonly MountedFile[];
  readonly resources: Resources;
  /** The size of the volume that both containers share. */
  readonly temporaryStorage: string;
  readonly retries: number;
  /** Whether the server runs meanwhile, and may hold a volume on its node. */
  readonly besideServer: boolean;
}

/** Failures that a retry does not fix: you must correct the location or the target. */
export const FINAL_CODES: readonly number[] = [23, 24, 41, 44, 46, 50, 60, 61, 62, 64];

/** The Jobs of such a program. */
export function backupJob(
  props: BackupJobsProps,
  program: BackupProgram,
): Omit<CronJobSpec, 'schedule' | 'timeZone' | 'suspend'> {
  const { instance, environment, backup, programs } = props;
  const mounted = mountPrograms(instance.name, programs, program.entryPoints);
  const identity = backupIdentity(environment, backup);
  return jobSpec(
    instance,
    {
      role: program.role,
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
function pod({ instance, environment, backup }: BackupJobsProps, program: BackupProgram, programs: Volume): PodSpec {
  const store = backup.artifacts ? artifactStore(environment.artifacts) : undefined;
  const { claim, files: ofDestination } = backupDestination(backup.destination);
  const ofStores = [...(store?.backup.files ?? []), ...ofDestination];
  const identity = backupIdentity(environment, backup);
  // Nothing of the stores: PostgreSQL's programs read dumps, and someone who wrote a dump may run programs there.
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'work', mountPath: WORK_PATH },
    PROGRAMS_MOUNT,
    ...(claim ? [{ name: 'backup', mountPath: BACKUP_PATH, ...(program.readOnly ? { readOnly: true } : {}) }] : []),
    ...fileMounts(program.files),
  ];
  const common = {
    imagePullPolicy: instance.placement.pullPolicy,
    securityContext: containerSecurity,
    workingDir: '/tmp',
  };
  const main: Container = {
    ...common,
    name: program.name,
    image: instance.image,
    // `python -m` looks for modules in the working directory first.
    workingDir: PROGRAMS_PATH,
    command: ['python', '-m', program.name],
    volumeMounts: [
      ...mounts,
      ...(store ? claimMounts(store) : []),
      ...fileMounts(ofStores),
      ...(identity?.mounts ?? []),
    ],
    env: environmentVariables(program.variables),
    envFrom: environmentSources(environment.server.envFrom),
    resources: resourceRequirements(program.resources),
  };
  const client: Container = {
    ...common,
    name: CLIENT,
    image: backup.image,
    command: ['sh', `${PROGRAMS_PATH}/backup/postgresql_client.sh`],
    volumeMounts: [...mounts, ...(program.clientMounts ?? [])],
    env: environmentVariables(program.clientVariables),
    resources: resourceRequirements({
      requests: { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
    }),
  };
  return {
    ...podBasics(identity?.account ?? program.account, instance.placement),
    ...(store?.volume && program.besideServer ? { affinity: besideServer(instance, store.volume.claim) } : {}),
    containers: [main, client],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
      { name: 'work', emptyDir: { sizeLimit: Quantity.fromString(program.temporaryStorage) } },
      programs,
      ...(claim ? [{ name: 'backup', persistentVolumeClaim: { claimName: claim.name } }] : []),
      ...(store ? claimVolumes(store) : []),
      ...fileVolumes([...program.files, ...ofStores]),
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
