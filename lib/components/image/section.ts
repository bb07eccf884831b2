import { z } from 'zod';
import { following, objectName } from '../../kubernetes/fields';
import { REGISTRY } from '../../kubernetes/image-reference';
import { MLFLOW_IMAGE } from '../../versions';
import { section } from '../shared/sections/fields';
import { imageKeys, imageTag, officialRepository } from '../shared/sections/image';

/** The image of every pod that runs MLflow. */
export const image = section({
  ...imageKeys({
    repository: officialRepository(
      MLFLOW_IMAGE.repository,
      'Registry and repository, without tag: `registry.example.com/mlflow/mlflow`.',
    ),
    tag: imageTag()
      .optional()
      .meta({
        description: 'Tag. The MLflow release is read from it, unless `mlflowVersion` is set.',
        derived: `\`${MLFLOW_IMAGE.tag}\`, or none if \`digest\` is set`,
      }),
  }),
  registry: following(REGISTRY)
    .optional()
    .describe(
      'Registry, with a path below it, that has copies of the official images: `registry.example.com/mirror`. Every image ' +
        'without a `repository` of its own is read from there, under its name without its host: `ghcr.io/mlflow/mlflow` ' +
        'as `registry.example.com/mirror/mlflow/mlflow`. A `repository`, and the images of `sidecars` and ' +
        '`initContainers`, stay as they are written. `synth --explain images` lists all images.',
    ),
  pullPolicy: z
    .enum(['IfNotPresent', 'Always', 'Never'])
    .default('IfNotPresent')
    .describe('When a node pulls an image again. Applies to every image of the instance.'),
  pullSecret: objectName()
    .optional()
    .describe(
      'Secret of type kubernetes.io/dockerconfigjson in the namespace, for a private registry. Every pod of the instance uses it.',
    ),
  pullSecrets: z
    .array(objectName())
    .optional()
    .describe('In place of `pullSecret`, several of them. The kubelet takes those that fit the registry of an image.'),
}).describe('The container image of the server.');
