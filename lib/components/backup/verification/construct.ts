import { Construct } from 'constructs';
import { objectMetadata } from '../../../kubernetes/metadata';
import { KubeCronJob, KubeServiceAccount } from '../../../kubernetes/objects';
import { serviceAccountProps } from '../../shared/maintenance-job';
import { PROGRAMS_MOUNT } from '../../shared/programs';
import { backupDestination } from '../destinations/destinations';
import { verificationName } from '../names';
import { type BackupJobsProps, backupJob } from '../pod';
import type { Backup, Verification } from '../resolve';
import { serverVariables, verificationVariables, verifiedBackup } from './variables';

/** The role of its pods, which no policy lets reach a database. */
export const VERIFICATION_ROLE = 'verification';

/** PostgreSQL's programs look up their user, which the image does not contain. */
const PASSWD = 'database/passwd';

/** The programs that its pod starts. */
export const VERIFICATION_PROGRAMS = ['verification/__main__.py', 'backup/postgresql_client.sh', PASSWD] as const;

/** The account of its pods: that of the identity by which backups are reached, or its own. */
export const hasOwnAccount = ({ destination }: Backup): boolean =>
  backupDestination(destination).identity === undefined;

/** What the CronJob is created from. */
export interface VerificationJobProps extends BackupJobsProps {
  readonly verification: Verification;
}

/** The CronJob that restores the newest backup into an empty PostgreSQL of its own pod. */
export class VerificationJob extends Construct {
  constructor(scope: Construct, id: string, { verification, ...props }: VerificationJobProps) {
    super(scope, id);
    const { instance, environment, backup } = props;
    const name = verificationName(instance.name);
    const { schedule, timeZone, resources, temporaryStorage } = verification;
    if (hasOwnAccount(backup)) {
      const account = serviceAccountProps(instance, { role: VERIFICATION_ROLE, name });
      new KubeServiceAccount(this, 'ServiceAccount', account);
    }
    new KubeCronJob(this, 'CronJob', {
      metadata: objectMetadata(instance, VERIFICATION_ROLE, name),
      spec: {
        schedule,
        timeZone,
        ...backupJob(
          { ...props, backup: verifiedBackup(backup) },
          {
            name: 'verification',
            role: VERIFICATION_ROLE,
            account: name,
            entryPoints: VERIFICATION_PROGRAMS,
            variables: verificationVariables(environment, backup, verification),
            clientVariables: serverVariables(),
            clientMounts: [{ ...PROGRAMS_MOUNT, mountPath: '/etc/passwd', subPath: PASSWD }],
            readOnly: true,
            files: [],
            resources,
            temporaryStorage,
            retries: 2,
            besideServer: false,
          },
        ),
      },
    });
  }
}
