import { isSchedule } from '../../kubernetes/cron';
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
  readonly startingDeadlineSeconds?: number;
  readonly concurrencyPolicy?: string;
  readonly jobTemplate?: { readonly spec?: JobSpec };
}

/** Pods that shall end are not started anew when they have ended well, and a schedule is one. */
export const jobsCanRun: Rule = {
  name: 'jobs-can-run',
  reason: 'the API server refuses the object, and then half of the set is applied',
  patched: 'issue',
  check: (objects) => [
    ...podsOf(objects).flatMap(({ object, spec }) => {
      const ends = object.kind === 'Job' || object.kind === 'CronJob';
      const right = ends ? ['Never', 'OnFailure'] : ['Always', undefined];
      if (right.includes(spec.restartPolicy)) return [];
      const message = `has pods with restartPolicy ${spec.restartPolicy ?? '(none)'} (${ends ? 'use Never or OnFailure' : 'leave it out'})`;
      return [{ object, message }];
    }),
    ...cronJobs(objects)
      .filter(({ spec }) => !isSchedule(String(spec.schedule)))
      .map(({ object, spec }) => ({
        object,
        message: `has the schedule ${JSON.stringify(spec.schedule)} (five fields as in "0 3 * * *", and spec.timeZone for the zone)`,
      })),
  ],
};

/** A Job gives up some day, and stays where a GitOps tool looks for it. */
export const jobsEnd: Rule = {
  name: 'jobs-end',
  reason: 'Jobs pile up or never start again, or are made anew for ever by a GitOps tool that misses one',
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
          'has Jobs that may run for ever (set activeDeadlineSeconds in jobTemplate.spec)',
        ),
        ...violation(
          spec.concurrencyPolicy !== 'Forbid' && spec.concurrencyPolicy !== 'Replace',
          'may run twice at a time (set concurrencyPolicy: Forbid)',
        ),
        // The controller looks every ten seconds: with less it may never look in time.
        ...violation(
          (spec.startingDeadlineSeconds ?? 0) < 10,
          'may stop for ever after 100 missed starts (set startingDeadlineSeconds to 10 or more)',
        ),
      ];
    }),
  ],
};

function jobViolations(object: Manifest, { backoffLimit, ttlSecondsAfterFinished }: JobSpec): Violation[] {
  const unlimited = 'does not say how often it tries (set backoffLimit)';
  const removed = 'removes its Jobs, which a GitOps tool then makes anew (leave ttlSecondsAfterFinished out)';
  return [
    ...(backoffLimit === undefined ? [{ object, message: unlimited }] : []),
    ...(ttlSecondsAfterFinished === undefined ? [] : [{ object, message: removed }]),
  ];
}

const cronJobs = (objects: readonly Manifest[]) =>
  objects
    .filter(({ kind }) => kind === 'CronJob')
    .map((object) => ({ object, spec: (object.spec ?? {}) as CronJobSpec }));
