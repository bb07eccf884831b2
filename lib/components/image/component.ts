import { z } from 'zod';
import type { Component } from '../component';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks } from '../shared/risks/risk';
import { tagChecks } from '../shared/sections/image';
import { type ImageSections, imageIssues, imageWarnings } from './issues';
import { type ContainerImage, type GivenImage, resolveImage } from './resolve';
import { image as section } from './section';

/** The image of every pod that runs MLflow, and the release in it. */
export const image = {
  sections: {
    image: section.prefault({}),
    mlflowVersion: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, 'must be a release such as 3.18.0')
      .optional()
      .meta({
        description: 'MLflow release in the image, for example `3.1.0`.',
        derived: 'the release in `image.tag` (`3.1.0-4`, `v3.18.0-full`)',
      }),
  },
  // Without the release a tag such as latest is refused for that.
  checks: (given) => (given.mlflowVersion === undefined ? [] : tagChecks(['image'], given.image)),
  resolve: resolveImage,
  issues: imageIssues,
  warnings: imageWarnings,
  risks: ({ image: { reference } }) => appliedRisks([imageRisk(['image'], reference)]),
  secretKeys: ({ image: { pullSecret } }) => {
    if (!pullSecret) return [];
    const key = {
      section: ['image'],
      keyName: 'pullSecret',
      purpose: 'registry',
      key: '.dockerconfigjson',
      reader: 'registry-credentials',
    } as const;
    return [{ secret: pullSecret, key }];
  },
} satisfies Component<GivenImage, { readonly image: ContainerImage }, ImageSections>;
