import { z } from 'zod';
import { objectName, section } from './common';

export const image = section({
  /** Registry and repository, without tag: `192.168.1.210/library/mlflow-postgresql`. */
  repository: z
    .string()
    .regex(
      /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      'must be a repository without tag, in lower case, such as ghcr.io/mlflow/mlflow',
    )
    .default('ghcr.io/mlflow/mlflow'),
  /** Tag. The MLflow release is read from it unless `mlflowVersion` says it. Without tag and digest: the newest tested release. */
  tag: z
    .string()
    .regex(/^[a-zA-Z0-9_][-.a-zA-Z0-9_]{0,127}$/, 'must be a tag such as v3.18.0-full')
    .optional(),
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits')
    .optional(),
  /** When the node asks the registry again. */
  pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).default('IfNotPresent'),
  /** Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry. */
  pullSecret: objectName().optional(),
});
