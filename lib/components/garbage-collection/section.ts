import { z } from 'zod';
import { bytes, cpu, schedule, section, timeZone, wholeNumber } from '../shared/sections/fields';

export const garbageCollection = section({
  /** When it runs: minute, hour, day, month and day of the week, as in cron. Beside a backup it waits for that one's end. */
  schedule: schedule().default('30 3 * * *'),
  /** Time zone of the schedule, such as Europe/Berlin. */
  timeZone: timeZone().default('Etc/UTC'),
  /** How long ago something must have been deleted, in days, hours, minutes and seconds: `30d`, `12h30m`. Until then a client can restore it. */
  olderThan: z
    .string()
    .regex(/^(?=.)(\d{1,5}d)?(\d{1,5}h)?(\d{1,5}m)?(\d{1,5}s)?$/, 'must be an age such as 30d or 12h30m')
    .default('30d'),
  /** Whether the schedule rests. A Job can still be made from it by hand. */
  suspend: z.boolean().default(false),
  /** Seconds after which a run is ended. The next one goes on from there. */
  timeLimit: wholeNumber(600, 86_400).default(14_400),
  /** CPU and memory. */
  resources: section({
    /** What the scheduler sets aside while it runs. */
    requests: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('100m'),
      /** Memory. Without it: the limit, since a pod that uses more than it asked for is the first to be killed when a node runs short. */
      memory: bytes().optional(),
    }).prefault({}),
    /** What the container may use at most. */
    limits: section({
      /** CPU: cores or thousandths of one. */
      cpu: cpu().prefault('1'),
      /** Memory. MLflow before 3.18 reads a run's whole history of metrics when it removes the run. */
      memory: bytes().prefault('768Mi'),
    }).prefault({}),
  }).prefault({}),
});
