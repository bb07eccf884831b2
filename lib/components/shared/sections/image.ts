import { z } from 'zod';
import { DIGEST, REPOSITORY, TAG } from '../../../kubernetes/image-reference';
import { following, objectName, section } from './fields';

/** Registry and repository of an image, without tag. */
export const imageRepository = () => following(REPOSITORY);

/** Tag of an image. */
export const imageTag = () => following(TAG);

/** Digest of an image. */
export const imageDigest = () => following(DIGEST);

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
