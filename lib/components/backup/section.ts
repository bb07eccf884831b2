import { z } from 'zod';
import { bytes } from '../../kubernetes/fields';
import { mirrored } from '../../kubernetes/image-reference';
import { POSTGRESQL_IMAGE } from '../../versions';
import { section, wholeNumber } from '../shared/sections/fields';
import { imageKeys, imageRepository, imageTag } from '../shared/sections/image';
import { resources } from '../shared/sections/resources';
import { scheduleKeys } from '../shared/sections/schedule';
import { destination } from './destinations/section';
import { verification } from './verification/section';

/** Scheduled backups. */
export const backup = section({
  ...scheduleKeys({ schedule: '30 2 * * *' }),
  destination,
  artifacts: z
    .boolean()
    .default(false)
    .describe('Whether artifacts are backed up too, after the databases. Each artifact is copied once.'),
  retention: section({
    count: wholeNumber(1, 10_000).default(14).describe('Maximum number of backups.'),
    days: wholeNumber(1, 36_500)
      .optional()
      .describe(
        'Maximum age of a backup, in days. Time without backups does not count: it could be a wrong clock. If unset, ' +
          'age does not matter.',
      ),
  })
    .prefault({})
    .describe('Which backups are kept. The newest complete backup always is.'),
  verification: verification.optional(),
  image: section(
    imageKeys({
      repository: imageRepository()
        .optional()
        .meta({
          description: 'Registry and repository, without tag.',
          derived: `\`${POSTGRESQL_IMAGE.repository}\`, or \`${mirrored(POSTGRESQL_IMAGE.repository, 'REGISTRY')}\` with \`image.registry\`, or that of \`database.embedded\` if no key of \`image\` is set`,
        }),
      tag: imageTag()
        .optional()
        .meta({
          description: 'Tag of a Debian-based image.',
          derived: `\`${POSTGRESQL_IMAGE.tag}\`, or that of \`database.embedded\` if no key of \`image\` is set`,
        }),
    }),
  )
    .prefault({})
    .describe("Image that contains PostgreSQL's client programs, of the major release of the server or a newer one."),
  timeout: wholeNumber(60, 604_800)
    .default(21_600)
    .describe(
      'Maximum duration of a backup, a restore or a verification, in seconds. A Job that runs longer is terminated.',
    ),
  temporaryStorage: bytes()
    .prefault('5Gi')
    .describe('Temporary storage of the pod for the dumps of one backup, on their way to or from a bucket.'),
  resources: resources({
    cpuRequest: '100m',
    cpuLimit: '1',
    memoryLimit: '512Mi',
    memoryNote: 'A million artifacts take about 1Gi.',
  })
    .prefault({})
    .describe(
      "CPU and memory of the container that checks, copies and restores. PostgreSQL's programs run beside it with 256Mi.",
    ),
}).describe('Scheduled backups of both databases and, if you want, of the artifacts. Restores use the same settings.');
