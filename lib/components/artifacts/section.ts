import { z } from 'zod';
import { section } from '../shared/sections/fields';
import { azureBlob } from './azure/section';
import { embeddedObjectStore } from './embedded/section';
import { gcs } from './gcs/section';
import { s3 } from './s3/section';
import { artifactVolume } from './volume/section';

/** Where artifacts are stored. */
export const artifacts = section({
  access: z
    .enum(['proxied', 'direct'])
    .default('proxied')
    .describe(
      '`proxied`: clients send artifacts through the server, and only the server has credentials of the store. ' +
        '`direct`: clients connect to the store with their own credentials.',
    ),
  azure: azureBlob.optional(),
  embedded: embeddedObjectStore.optional(),
  gcs: gcs.optional(),
  s3,
  volume: artifactVolume.optional(),
}).describe('Where artifacts (models and files) are stored.');
