import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { KubeCronJob, KubeServiceAccount } from '../../kubernetes/objects';
import { databaseCa } from '../database/variables';
import { NEVER, SUSPENDED_ANNOTATIONS, serviceAccountProps } from '../shared/maintenance-job';
import { backupIdentity } from './identity';
import { backupName, restoreName } from './names';
import { type BackupJobsProps, backupJob } from './pod';
import { backupVariables, postgresqlClientVariables, restoreVariables } from './variables';

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
    const common = {
      role: 'backup',
      account: name,
      clientVariables: postgresqlClientVariables(environment),
      readOnly: false,
      files: [databaseCa(environment.database)],
      resources: backup.resources,
      temporaryStorage: backup.temporaryStorage,
    };

    new KubeCronJob(this, 'Backup', {
      metadata: objectMetadata(instance, 'backup', name),
      spec: {
        schedule: backup.schedule,
        timeZone: backup.timeZone,
        ...backupJob(props, {
          ...common,
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
        ...backupJob(props, {
          ...common,
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
