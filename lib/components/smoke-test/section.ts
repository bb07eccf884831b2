import { z } from 'zod';
import { section } from '../shared/sections/fields';

export const smokeTest = section({
  /** Whether there is a suspended CronJob that only waits to be run by hand, after a change say: `kubectl create job --from=cronjob/mlflow-smoke-test check-1`. */
  enabled: z.boolean().default(false),
});
