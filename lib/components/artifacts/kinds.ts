import type { ArtifactsSection } from './resolve';

/** What is known of a kind of store before it is resolved. */
interface StoreKind {
  /** Whether MLflow gives out signed URLs for downloads. */
  readonly hasSignedUrls: boolean;
}

/** The sections of stores that exclude all others: every one but `s3`, which has defaults and is always there. */
export const EXCLUSIVE_STORES = {
  azure: { hasSignedUrls: false },
  embedded: { hasSignedUrls: true },
  gcs: { hasSignedUrls: false },
  volume: { hasSignedUrls: false },
} as const satisfies Record<ExclusiveStore, StoreKind>;

/** The section of such a store. */
export type ExclusiveStore = Exclude<keyof ArtifactsSection, 'access' | 's3'>;

/** All of them. */
export const exclusiveStores = Object.keys(EXCLUSIVE_STORES) as readonly ExclusiveStore[];
