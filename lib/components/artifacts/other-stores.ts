import type { Check } from '../../input/issue';
import { type ExclusiveStore, exclusiveStores } from './kinds';
import type { ArtifactsSection } from './resolve';
import { s3 as s3Section } from './s3/section';

/** Artifacts have one store. @param store the one that is used if there are several */
export const otherStoreChecks = (store: ExclusiveStore, artifacts: ArtifactsSection): Check[] => [
  ...Object.entries(artifacts.s3)
    // A value that is the default changes nothing.
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(S3_DEFAULTS[key]))
    .map(([key]) => ({
      path: ['artifacts', 's3', key],
      violated: true,
      message: `has no effect with artifacts.${store}, because artifacts have one store (remove one of the two)`,
    })),
  ...exclusiveStores
    .filter((other) => other !== store)
    .map((other) => ({
      path: ['artifacts', other],
      violated: artifacts[other] !== undefined,
      message: `cannot be combined with artifacts.${store}, because artifacts have one store (remove one of the two)`,
    })),
];

const S3_DEFAULTS: Readonly<Record<string, unknown>> = s3Section.parse(undefined);
