import type { Component } from '../component';
import { type ImageSections, imageIssues, imageWarnings } from './issues';
import { type ContainerImage, type GivenImage, resolveImage } from './resolve';

/** The image of every pod that runs MLflow, and the release in it. */
export const image = {
  checks: ({ image: { tag, digest }, mlflowVersion }) => [
    {
      path: ['image', 'tag'],
      // Without the release it is refused for that.
      violated: tag === 'latest' && digest === undefined && mlflowVersion !== undefined,
      message: 'may be another image each time that it is pulled (name a tag that stays, or give a digest too)',
    },
  ],
  resolve: resolveImage,
  issues: imageIssues,
  warnings: imageWarnings,
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
