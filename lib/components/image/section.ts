import { z } from 'zod';
import { objectName } from '../../kubernetes/fields';
import { MLFLOW_IMAGE } from '../../versions';
import { section } from '../shared/sections/fields';
import { imageKeys, imageRepository, imageTag } from '../shared/sections/image';

/** The image of every pod that runs MLflow. */
export const image = section({
  ...imageKeys({
    repository: imageRepository()
      .default(MLFLOW_IMAGE.repository)
      .describe('Registry and repository, without tag: `registry.example.com/mlflow/mlflow`.'),
    tag: imageTag()
      .optional()
      .meta({
        description: 'Tag. The MLflow release is read from it, unless `mlflowVersion` is set.',
        derived: `\`${MLFLOW_IMAGE.tag}\`, or none if \`digest\` is set`,
      }),
  }),
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
