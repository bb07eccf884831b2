import { z } from 'zod';
import { section, wholeNumber } from '../shared/sections/fields';
import { resources } from '../shared/sections/resources';
import { scheduleKeys } from '../shared/sections/schedule';

/** Permanent removal of what was deleted long ago. */
export const garbageCollection = section({
  ...scheduleKeys({ schedule: '30 3 * * *', note: 'A run waits until a running backup has finished.' }),
  olderThan: z
    .string()
    .regex(/^(?=.)(\d{1,5}d)?(\d{1,5}h)?(\d{1,5}m)?(\d{1,5}s)?$/, 'must be an age such as 30d or 12h30m')
    .default('30d')
    .describe(
      'Minimum time since deletion, in days, hours, minutes and seconds: `30d`, `12h30m`. ' +
        'Until then clients can restore what they deleted.',
    ),
  suspend: z
    .boolean()
    .default(false)
    .describe('Whether the schedule is suspended. You can still create a Job from the CronJob.'),
  timeLimit: wholeNumber(600, 86_400)
    .default(14_400)
    .describe('Maximum duration of a run, in seconds. The next run continues where a terminated one stopped.'),
  resources: resources({
    cpuRequest: '100m',
    cpuLimit: '1',
    memoryLimit: '768Mi',
    memoryNote: 'When it removes a run, MLflow before 3.18 loads all recorded metrics of that run.',
  }).prefault({}),
}).describe(
  'A CronJob that permanently removes deleted runs, experiments and logged models, with their artifacts. ' +
    '`garbageCollection: {}` uses all defaults. If unset, deleted data is kept.',
);
