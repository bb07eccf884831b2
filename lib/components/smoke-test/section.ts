import { z } from 'zod';
import { section } from '../shared/sections/fields';

/** A test of the running server. */
export const smokeTest = section({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      'Whether to create a suspended CronJob that you run by hand, for example after a change: ' +
        '`kubectl create job --from=cronjob/mlflow-smoke-test check-1`.',
    ),
}).describe('A test of the running server as a client sees it, from the login to a registered model.');
