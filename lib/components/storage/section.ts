import { z } from 'zod';
import { section } from '../shared/sections/fields';
import { accessMode, claimKeys } from '../shared/sections/volume-claim';

/** A volume for files around MLflow. */
export const claim = section({
  ...claimKeys({ name: '`NAME-data`', size: '10Gi' }),
  accessMode: accessMode(),
  mountPath: z
    .string()
    .regex(/^(\/[-_.a-zA-Z0-9]+)+$/, 'must be an absolute path such as /data')
    .optional()
    .describe('Where the server mounts the volume. If unset, the claim is created and not mounted.'),
}).describe(
  'A volume for files around MLflow, such as dumps and plugins. MLflow itself stores nothing on it: its state is in ' +
    'PostgreSQL and S3. `data: {}` uses all defaults.',
);

/** Volumes. */
export const storage = section({ data: claim.optional() }).describe('Volumes besides those of embedded stores.');
