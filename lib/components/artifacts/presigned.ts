import type { Check } from '../../input/issue';
import { EXCLUSIVE_STORES, exclusiveStores } from './kinds';
import type { ArtifactsSection } from './resolve';

/** What says that clients download by signed URLs alone. */
export interface PresigningServer {
  readonly options: Readonly<Record<string, unknown>>;
}

const PRESIGNED_ONLY = 'artifacts-presigned-only';

/** Downloads by signed URLs, which MLflow has for S3 alone. */
export const presignedChecks = (artifacts: ArtifactsSection, { options }: PresigningServer): Check[] =>
  exclusiveStores
    .filter((store) => !EXCLUSIVE_STORES[store].hasSignedUrls)
    .map((store) => ({
      path: ['server', 'options', PRESIGNED_ONLY],
      dependsOn: [['artifacts', store]],
      violated: artifacts[store] !== undefined && options[PRESIGNED_ONLY] !== undefined,
      message: 'needs signed URLs for downloads, which MLflow has for S3 alone (remove it, or use artifacts.s3)',
    }));
