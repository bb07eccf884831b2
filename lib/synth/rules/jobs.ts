import { parseSchedule, whyNeverRuns } from '../../kubernetes/cron';
import { timeZone } from '../../kubernetes/fields';
import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { podsOf } from './workloads';

interface JobSpec {
  readonly backoffLimit?: number;
  readonly activeDeadlineSeconds?: number;
  readonly ttlSecondsAfterFinished?: number;
}

interface CronJobSpec {
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly startingDeadlineSeconds?: number;
  readonly concurrencyPolicy?: string;
  readonly jobTemplate?: { readonly spec?: JobSpec };
}

/** Jobs have a restart policy for programs that complete, and CronJobs a valid schedule. */
export const jobsCanRun: Rule = {
  name: 'jobs-can-run',
  reason: 'the API server refuses the object, leaving the set partially applied',
  patched: 'issue',
  check: (objects) => [
    ...podsOf(objects).flatMap(({ object, spec }) => {
      if (object.kind === 'Pod') return [];
      const ends = object.kind === 'Job' || object.kind === 'CronJob';
      const right = ends ? ['Never', 'OnFailure'] : ['Always', undefined];
      if (right.includes(spec.restartPolicy)) return [];
      const message = `has pods with restartPolicy ${spec.restartPolicy ?? '(none)'} (${ends ? 'use Never or OnFailure' : 'remove it'})`;
      return [{ object, message }];
    }),
    ...cronJobs(objects).flatMap(({ object, spec }) => {
      const schedule = parseSchedule(String(spec.schedule));
      const never = schedule && whyNeverRuns(schedule);
      const has = `has the schedule ${JSON.stringify(spec.schedule)}`;
      const isZone = spec.timeZone === undefined || timeZone().safeParse(spec.timeZone).success;
      return [
        ...(schedule ? [] : [`${has} (use five fields such as "0 3 * * *", and spec.timeZone for the time zone)`]),
        ...(never ? [`${has}, which never runs: ${never} (choose another day or month)`] : []),
        ...(isZone
          ? []
          : [`has the time zone ${JSON.stringify(spec.timeZone)} (use one such as Etc/UTC or Europe/Berlin)`]),
      ].map((message) => ({ object, message }));
    }),
  ],
};

/** A Job has a limit of attempts and of time, and is not deleted by itself. */
export const jobsEnd: Rule = {
  name: 'jobs-end',
  reason: 'Jobs pile up or never start again, or a GitOps tool recreates a deleted one forever',
  patched: 'allowed',
  check: (objects) => [
    ...objects
      .filter(({ kind }) => kind === 'Job')
      .flatMap((object) => jobViolations(object, (object.spec ?? {}) as JobSpec)),
    ...cronJobs(objects).flatMap(({ object, spec }) => {
      const job = spec.jobTemplate?.spec ?? {};
      const violation = (violated: boolean, message: string) => (violated ? [{ object, message }] : []);
      return [
        ...jobViolations(object, job),
        ...violation(
          job.activeDeadlineSeconds === undefined,
          'has Jobs without a time limit (set activeDeadlineSeconds in jobTemplate.spec)',
        ),
        ...violation(
          spec.concurrencyPolicy !== 'Forbid' && spec.concurrencyPolicy !== 'Replace',
          'may run several Jobs at once (set concurrencyPolicy: Forbid)',
        ),
        // The controller checks every ten seconds, so a shorter deadline may always be missed.
        ...violation(
          (spec.startingDeadlineSeconds ?? 0) < 10,
          'stops forever after 100 missed starts (set startingDeadlineSeconds to 10 or more)',
        ),
      ];
    }),
  ],
};

function jobViolations(object: Manifest, { backoffLimit, ttlSecondsAfterFinished }: JobSpec): Violation[] {
  const unlimited = 'has no limit of attempts (set backoffLimit)';
  const removed = 'deletes completed Jobs, which a GitOps tool recreates (remove ttlSecondsAfterFinished)';
  return [
    ...(backoffLimit === undefined ? [{ object, message: unlimited }] : []),
    ...(ttlSecondsAfterFinished === undefined ? [] : [{ object, message: removed }]),
  ];
}

const cronJobs = (objects: readonly Manifest[]) =>
  objects
    .filter(({ kind }) => kind === 'CronJob')
    .map((object) => ({ object, spec: (object.spec ?? {}) as CronJobSpec }));
