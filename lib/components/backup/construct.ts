import { Construct } from 'constructs';
import type { DeepReadonly, ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Instance, objectLabels, objectMetadata, PROGRAM_ANNOTATIONS } from '../../kubernetes/metadata';
import {
  type Container,
  type CronJobSpec,
  KubeConfigMap,
  KubeCronJob,
  KubeServiceAccount,
  type PodFailurePolicyRule,
  type PodSpec,
  Quantity,
  type Volume,
  type VolumeMount,
} from '../../kubernetes/objects';
import {
  checksum,
  containerSecurity,
  environmentVariables,
  placementOf,
  podBasics,
  resourceRequirements,
} from '../../kubernetes/pod';
import type { Variable } from '../server/variables';
import { DATABASE_CA_PATH, SCRIPTS_PATH } from '../shared/constants';
import { RESTS_ANNOTATIONS } from '../shared/maintenance-job';
import type { Programs } from '../shared/programs';
import * as backups from './resolve';

/** What backup and restore are made from. */
export interface BackupProps {
  readonly instance: Instance;
  /** The whole environment: where everything is that is copied. */
  readonly environment: ResolvedEnvironment;
  readonly backup: backups.Backup;
  readonly programs: Programs;
}

/** The CronJob that backs up, and the suspended one that Jobs are made from which restore. */
export class Backup extends Construct {
  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id);
    const { instance, environment, backup, programs } = props;
    const name = backups.backupName(instance.name);
    const files = {
      ...programs.backup,
      'prepare.py': programs.prepare,
      'prepare_users.py': programs.prepareUsers,
      'program.py': programs.common,
    };

    new KubeServiceAccount(this, 'ServiceAccount', {
      metadata: objectMetadata(instance, 'backup', name),
      automountServiceAccountToken: false,
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
          command: [...backups.COMMANDS.backup],
          variables: backups.backupVariables(environment, backup),
          tries: 3,
        }),
      },
    });

    new KubeCronJob(this, 'Restore', {
      metadata: objectMetadata(instance, 'backup', backups.restoreName(instance.name), RESTS_ANNOTATIONS),
      spec: {
        // Never by itself: a person makes a Job of it, by kubectl create job --from.
        suspend: true,
        schedule: '0 0 1 1 *',
        timeZone: backup.timeZone,
        ...job(props, checksum(files), {
          name: 'restore',
          command: [...backups.COMMANDS.restore],
          variables: backups.restoreVariables(environment, backup),
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
  props: BackupProps,
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
function pod({ instance, environment, backup }: BackupProps, program: Program): PodSpec {
  const authorities = authoritiesOf(environment, backup);
  const mounts: VolumeMount[] = [
    { name: 'tmp', mountPath: '/tmp' },
    { name: 'work', mountPath: backups.WORK_PATH },
    { name: 'scripts', mountPath: SCRIPTS_PATH, readOnly: true },
    ...(backup.destination.claim ? [{ name: 'backup', mountPath: backups.BACKUP_PATH }] : []),
    ...authorities.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
  ];
  const common = {
    imagePullPolicy: environment.image.pullPolicy,
    securityContext: containerSecurity,
    volumeMounts: mounts,
    workingDir: '/tmp',
  };
  const main: Container = {
    ...common,
    name: program.name,
    image: environment.image.reference,
    command: program.command,
    env: environmentVariables(program.variables),
    resources: resourceRequirements(backup.resources),
  };
  const client: Container = {
    ...common,
    name: 'postgresql-client',
    image: backup.image,
    command: [...backups.COMMANDS.client],
    env: environmentVariables(backups.clientVariables(environment)),
    resources: resourceRequirements({
      requests: { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '1', memory: '256Mi', 'ephemeral-storage': '64Mi' },
    }),
  };
  return {
    ...podBasics(backups.backupName(instance.name), placementOf(environment)),
    restartPolicy: 'Never',
    containers: [main, client],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: Quantity.fromString('64Mi') } },
      { name: 'work', emptyDir: { sizeLimit: Quantity.fromString(backup.temporaryStorage) } },
      { name: 'scripts', configMap: { name: `${backups.backupName(instance.name)}-scripts` } },
      ...(backup.destination.claim
        ? [{ name: 'backup', persistentVolumeClaim: { claimName: backup.destination.claim.name } }]
        : []),
      ...authorities.map(({ volume }) => volume),
    ],
  };
}

interface Authority {
  readonly configMap?: string;
  readonly secret?: string;
  readonly key: string;
}

/** Certificates that sign those of PostgreSQL and of the stores. */
function authoritiesOf(
  { database, artifacts }: ResolvedEnvironment,
  { destination, artifacts: copied }: backups.Backup,
) {
  const candidates = [
    { name: 'database-ca', path: DATABASE_CA_PATH, ca: database.tls.ca },
    { name: 'artifacts-ca', path: backups.ARTIFACTS_CA_PATH, ca: copied ? artifacts.s3.tls.ca : undefined },
    { name: 'backup-ca', path: backups.BACKUP_CA_PATH, ca: destination.s3?.tls.ca },
  ];
  return candidates.flatMap(({ name, path, ca }) => (ca ? [{ name, path, volume: authorityVolume(name, ca) }] : []));
}

function authorityVolume(name: string, ca: DeepReadonly<Authority>): Volume {
  const items = [{ key: ca.key, path: ca.key }];
  return ca.secret
    ? { name, secret: { secretName: ca.secret, items } }
    : { name, configMap: { name: ca.configMap, items } };
}
