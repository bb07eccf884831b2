import { z } from 'zod';
import { section } from '../shared/sections/fields';
import { embeddedObjectStore } from './embedded/section';
import { s3 } from './s3/section';
import { artifactVolume } from './volume/section';

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
  s3,
  volume: artifactVolume.optional(),
}).describe('Where artifacts (models and files) are stored.');
