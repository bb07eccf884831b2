import { VERSITYGW_IMAGE } from '../../../versions';
import { section } from '../../shared/sections/fields';
import { imageKeys, imageTag, officialRepository } from '../../shared/sections/image';
import { resources } from '../../shared/sections/resources';
import { claimKeys } from '../../shared/sections/volume-claim';

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
