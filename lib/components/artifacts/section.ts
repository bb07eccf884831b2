import { z } from 'zod';
import { VERSITYGW_IMAGE } from '../../versions';
import { section } from '../shared/sections/fields';
import { imageKeys, imageTag, officialRepository } from '../shared/sections/image';
import { resources } from '../shared/sections/resources';
import { s3Bucket, s3Endpoint, s3Keys, s3Prefix } from '../shared/sections/s3';
import { claimKeys } from '../shared/sections/volume-claim';

/** An S3 store of the instance's own. */
export const embeddedObjectStore = section({
  image: section(
    imageKeys({
      repository: officialRepository(VERSITYGW_IMAGE.repository, 'Registry and repository, without tag.'),
      tag: imageTag().default(VERSITYGW_IMAGE.tag).describe('Tag.'),
    }),
  )
    .prefault({})
    .describe('Image that contains versitygw: the official one, or a copy of it.'),
  storage: section(claimKeys({ name: '`NAME-object-store`', size: '50Gi' }))
    .prefault({})
    .describe(
      'Volume of the artifacts. Its file system must support extended attributes (ext4 and XFS do, NFS does not). ' +
        'The claim is deleted only by hand or with its namespace.',
    ),
  resources: resources({ cpuRequest: '50m', cpuLimit: '1', memoryLimit: '256Mi' }).prefault({}),
}).describe(
  'An S3 store for this instance alone (versitygw, one pod with one volume), for clusters without one. ' +
    '`embedded: {}` uses all defaults.',
);

/** Where artifacts are stored. */
export const artifacts = section({
  access: z
    .enum(['proxied', 'direct'])
    .default('proxied')
    .describe(
      '`proxied`: clients send artifacts through the server, and only the server has S3 credentials. ' +
        '`direct`: clients connect to S3 with their own credentials.',
    ),
  embedded: embeddedObjectStore.optional(),
  s3: section({
    bucket: s3Bucket().optional().meta({
      description: 'Name of the bucket.',
      derived: '`mlflow-artifacts` with `embedded`, otherwise required',
    }),
    prefix: s3Prefix().optional().describe('Folder within the bucket. If unset, the root of the bucket.'),
    ...s3Keys({ secret: '`NAME-s3-secret`' }),
    endpoint: s3Endpoint().optional().meta({
      description: 'URL of an S3-compatible store.',
      derived: '`http://NAME-object-store:7070` with `embedded`, otherwise AWS',
    }),
    createBucket: z.boolean().optional().meta({
      description: 'Whether to create a missing bucket. The access key needs permission to create it.',
      derived: '`true` with `embedded`, otherwise `false`',
    }),
  })
    .prefault({})
    .describe('The bucket, on AWS or in an S3-compatible store.'),
}).describe('Where artifacts (models and files) are stored.');
