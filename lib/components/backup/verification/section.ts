import { bytes } from '../../../kubernetes/fields';
import { section, wholeNumber } from '../../shared/sections/fields';
import { scheduleKeys } from '../../shared/sections/schedule';

/** Scheduled verification of backups. */
export const verification = section({
  ...scheduleKeys({ schedule: '30 5 * * 0', note: 'Start it after a backup.' }),
  artifactPercentage: wholeNumber(0, 100)
    .default(100)
    .describe(
      'Percentage of the artifacts that one run reads and compares with their checksums, another part in each run. With ' +
        '`10`, each artifact is read in one of ten runs; with `0`, none is. That all exist with their sizes is always checked.',
    ),
  temporaryStorage: bytes()
    .prefault('10Gi')
    .describe(
      'Temporary storage of the pod. It must fit both databases and, if backups are in a bucket, the dump of one of them.',
    ),
}).describe(
  'A CronJob that restores the newest backup into an empty PostgreSQL in its own pod and compares. `verification: {}` ' +
    'uses all defaults. If unset, backups are not verified.',
);
