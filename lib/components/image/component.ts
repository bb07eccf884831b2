import { z } from 'zod';
import type { Component } from '../component';
import { imageRisk } from '../shared/risks/images';
import { appliedRisks } from '../shared/risks/risk';
import { imageChecks } from './checks';
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
  checks: imageChecks,
  resolve: resolveImage,
  issues: imageIssues,
  warnings: imageWarnings,
  risks: ({ image: { reference } }) => appliedRisks([imageRisk(['image'], reference)]),
  secretKeys: ({ image: { pullSecret, pullSecrets } }) => {
    const key = {
      section: ['image'],
      keyName: pullSecret === undefined ? 'pullSecrets' : 'pullSecret',
      purpose: 'registry',
      key: '.dockerconfigjson',
      reader: 'registry-credentials',
    } as const;
    return pullSecrets.map((secret) => ({ secret, key }));
  },
} satisfies Component<GivenImage, { readonly image: ContainerImage }, ImageSections>;
