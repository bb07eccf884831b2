import { schedule, timeZone } from '../../../kubernetes/fields';

/** The keys that say when a CronJob runs; `note` is a further sentence about the schedule. */
export const scheduleKeys = ({ schedule: usual, note }: { readonly schedule: string; readonly note?: string }) => ({
  schedule: schedule()
    .default(usual)
    .describe(
      `Schedule as in cron: minute, hour, day of the month, month and day of the week.${note ? ` ${note}` : ''}`,
    ),
  timeZone: timeZone().default('Etc/UTC').describe('Time zone of the schedule, for example `Europe/Berlin`.'),
});
