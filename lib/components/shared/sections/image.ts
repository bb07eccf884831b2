import { z } from 'zod';
import { objectName, section } from './fields';

/** Registry and repository of an image, without tag. */
export const imageRepository = () =>
  z
    .string()
    .regex(
      /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
      'must be a repository without tag, in lower case, such as ghcr.io/mlflow/mlflow',
    );

/** Tag of an image. */
export const imageTag = () =>
  z.string().regex(/^[a-zA-Z0-9_][-.a-zA-Z0-9_]{0,127}$/, 'must be a tag such as v3.18.0-full');

/** Digest of an image. */
export const imageDigest = () => z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits');

export const image = section({
  /** Registry and repository, without tag: `192.168.1.210/library/mlflow-postgresql`. */
  repository: imageRepository().default('ghcr.io/mlflow/mlflow'),
  /** Tag. The MLflow release is read from it unless `mlflowVersion` says it. Without tag and digest: the newest tested release. */
  tag: imageTag().optional(),
  /** Digest, which pins the exact image: `sha256:` and 64 hexadecimal digits. */
  digest: imageDigest().optional(),
  /** When the node asks the registry again, for every image of the instance. */
  pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).default('IfNotPresent'),
  /** Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry. Every pod of the instance uses it. */
  pullSecret: objectName().optional(),
});
