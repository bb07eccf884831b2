import { Construct } from 'constructs';
import { objectLabels, objectMetadata, PROGRAM_ANNOTATIONS } from '../../kubernetes/metadata';
import {
  type Container,
  type CronJobSpec,
  KubeConfigMap,
  KubeCronJob,
  KubeServiceAccount,
  type PodFailurePolicyRule,
  type PodSpec,
  Quantity,
  type VolumeMount,
} from '../../kubernetes/objects';
import { accountBasics, checksum, containerSecurity, podBasics, resourceRequirements } from '../../kubernetes/pod';
import { environmentVariables, type Variable } from '../../kubernetes/variables';
import { databaseCa } from '../database/variables';
import { caMounts, caVolumes, type MountedCa } from '../shared/ca-volumes';
import { SCRIPTS_PATH } from '../shared/constants';
import type { Instance } from '../shared/instance';
import { RESTS_ANNOTATIONS } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';
import { type Backup, backupName, restoreName } from './resolve';
import {
  ARTIFACTS_CA_PATH,
  BACKUP_CA_PATH,
  BACKUP_PATH,
  type BackupSections,
  backupVariables,
  postgresqlClientVariables,
  restoreVariables,
  WORK_PATH,
} from './variables';

/** What backup and restore are created from. */
export interface BackupJobsProps {
  readonly instance: Instance;
  /** Where everything is that is copied. */
  readonly environment: BackupSections;
  readonly backup: Backup;
  readonly programs: Programs;
}

/** The CronJob that backs up, and the suspended one that Jobs are created from which restore. */
export class BackupJobs extends Construct {
  constructor(scope: Construct, id: string, props: BackupJobsProps) {
    super(scope, id);
    const { instance, environment, backup, programs } = props;
    const name = backupName(instance.name);
    const files = {
      ...programs.backup,
      'prepare.py': programs.prepare,
      'prepare_users.py': programs.prepareUsers,
      'program.py': programs.common,
    };

    new KubeServiceAccount(this, 'ServiceAccount', {
      metadata: objectMetadata(instance, 'backup', name),
      ...accountBasics(instance.placement),
    });

    new KubeConfigMap(this, 'Scripts', {
      metadata: objectMetadata(instance, 'backup', `${name}-scripts`, PROGRAM_ANNOTATIONS),
      data: files,
    });

    new KubeCronJob(this, 'Backup', {
      metadata: objectMetadata(instance, 'backup', name),
      spec: {
        schedule: backup.schedule,
        timeZone: backup.timeZone,
        ...job(props, checksum(files), {
          name: 'backup',
          command: ['python', `${SCRIPTS_PATH}/backup.py`],
          variables: backupVariables(environment, backup),
          tries: 3,
        }),
      },
    });

    new KubeCronJob(this, 'Restore', {
      metadata: objectMetadata(instance, 'backup', restoreName(instance.name), RESTS_ANNOTATIONS),
      spec: {
        // Never by itself: you create a Job from it, by kubectl create job --from.
        suspend: true,
        schedule: '0 0 1 1 *',
        timeZone: backup.timeZone,
        ...job(props, checksum(files), {
          name: 'restore',
          command: ['python', `${SCRIPTS_PATH}/restore.py`],
          variables: restoreVariables(environment, backup),
          tries: 1,
        }),
      },
    });
  }
}

interface Program {
  readonly name: string;
  readonly command: string[];
  readonly variables: readonly Variable[];
  readonly tries: number;
}

/** What trying again does not change: the place or the target has to be put right by a person. */
const FINAL_CODES = [14, 41, 50, 60, 61, 62, 64];

function job(
  props: BackupJobsProps,
  scripts: string,
  program: Program,
): Omit<CronJobSpec, 'schedule' | 'timeZone' | 'suspend'> {
  const { instance, backup } = props;
  return {
    concurrencyPolicy: 'Forbid',
    // A start that was missed for an hour waits for its next time.
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      metadata: { labels: objectLabels(instance, 'backup') },
      spec: {
        activeDeadlineSeconds: backup.timeout,
        backoffLimit: program.tries - 1,
        podFailurePolicy: {
          rules: [
            failAt(program.name),
            // A node that is drained is not the backup's issue, and no try.
            { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          ],
        },
        template: {
          metadata: {
            labels: objectLabels(instance, 'backup'),
            annotations: { ...instance.annotations, 'checksum/scripts': scripts },
          },
          spec: pod(props, program),
        },
      },
    },
  };
}

/** The type wants conditions too, which Kubernetes forbids beside exit codes. */
const failAt = (containerName: string): PodFailurePolicyRule =>
  ({
    action: 'FailJob',
    onExitCodes: { containerName, operator: 'In', values: FINAL_CODES },
  }) as unknown as PodFailurePolicyRule;

/** Two containers that work together: the program, and PostgreSQL's programs, which its image does not have. */
function pod({ instance, environment, backup }: BackupJobsProps, program: Program): PodSpec {
  const cas = certificates(environment, backup);
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'work', mountPath: WORK_PATH },
    { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
    ...(backup.destination.claim ? [{ name: 'backup', mountPath: BACKUP_PATH }] : []),
    ...caMounts(cas),
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
    command: program.command,
    env: environmentVariables(program.variables),
    resources: resourceRequirements(backup.resources),
  };
  const client: Container = {
    ...common,
    name: 'postgresql-client',
    image: backup.image,
    command: ['sh', `${SCRIPTS_PATH}/postgresql-client.sh`],
    env: environmentVariables(postgresqlClientVariables(environment)),
    resources: resourceRequirements({
      requests: { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
    }),
  };
  return {
    ...podBasics(backupName(instance.name), instance.placement),
    restartPolicy: 'Never',
    containers: [main, client],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
      { name: 'work', emptyDir: { sizeLimit: Quantity.fromString(backup.temporaryStorage) } },
      { name: 'scripts', configMap: { name: `${backupName(instance.name)}-scripts` } },
      ...(backup.destination.claim
        ? [{ name: 'backup', persistentVolumeClaim: { claimName: backup.destination.claim.name } }]
        : []),
      ...caVolumes(cas),
    ],
  };
}

/** The CA certificates of PostgreSQL and of the stores. */
function certificates(environment: BackupSections, { destination, artifacts }: Backup): MountedCa[] {
  const { s3 } = environment.artifacts;
  return [
    databaseCa(environment.database),
    { name: 'artifacts-ca', path: ARTIFACTS_CA_PATH, ca: artifacts ? s3.tls.ca : undefined },
    { name: 'backup-ca', path: BACKUP_CA_PATH, ca: destination.s3?.tls.ca },
  ];
}
