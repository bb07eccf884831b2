import { kubectl, until } from './lab';

/** How a Job ended, and all that it said. */
export interface JobEnded {
  readonly condition: string;
  readonly log: string;
}

/** Makes a Job of a CronJob, as a person does, and waits for its end. */
export async function runJobOf(cronJob: string, namespace = 'mlflow', seconds = 240): Promise<JobEnded> {
  // Digits, as the controller's own names have, since alerts look at those alone.
  const name = `${cronJob}-${Date.now()}`;
  await kubectl(['-n', namespace, 'create', 'job', `--from=cronjob/${cronJob}`, name]);
  let condition = '';
  await until(`Job ${name} ends`, seconds, async () => {
    const path = 'jsonpath={.status.conditions[?(@.status=="True")].type}';
    const found = (await kubectl(['-n', namespace, 'get', 'job', name, '-o', path])).split(' ');
    condition = found.find((type) => ['Complete', 'Failed'].includes(type)) ?? '';
    return condition !== '';
  });
  const log = await kubectl(['-n', namespace, 'logs', `job/${name}`, '--tail=-1']);
  return { condition, log };
}
