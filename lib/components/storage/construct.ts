import { Construct } from 'constructs';
import type { Claim, DeepReadonly, ResolvedEnvironment } from '../../environment/resolved-environment';
import { type Instance, KEEP_ANNOTATIONS, objectMetadata } from '../../kubernetes/metadata';
import { KubePersistentVolumeClaim, Quantity } from '../../kubernetes/objects';

/** What the claims are made from. */
export interface StorageProps {
  readonly instance: Instance;
  readonly claims: readonly DeepReadonly<Claim>[];
}

/** Every claim of an instance, whatever it is for: all data that Kubernetes keeps for it is behind these. */
export function claimsOf({ storage, database, artifacts, backup }: ResolvedEnvironment): DeepReadonly<Claim>[] {
  const copies = backup?.destination.claim;
  const made = copies?.create ? [copies] : [];
  return [storage.data, database.embedded?.claim, artifacts.embedded?.claim, ...made].flatMap((claim) => claim ?? []);
}

/** The names of the claims to look after: all of an instance, and that for backups which was there before. */
export function watchedClaims(environment: ResolvedEnvironment): string[] {
  const copies = environment.backup?.destination.claim;
  return [...new Set([...claimsOf(environment), ...(copies ? [copies] : [])].map(({ name }) => name))];
}

/**
 * The volume claims, in a file of their own: deleting and applying any other file loses nothing. GitOps tools leave them
 * alone when they are no longer in the output.
 */
export class Storage extends Construct {
  constructor(scope: Construct, id: string, { instance, claims }: StorageProps) {
    super(scope, id);
    for (const { name, size, storageClass, accessMode } of claims) {
      new KubePersistentVolumeClaim(this, name, {
        metadata: objectMetadata(instance, 'storage', name, KEEP_ANNOTATIONS),
        spec: {
          accessModes: [accessMode],
          resources: { requests: { storage: Quantity.fromString(size) } },
          storageClassName: storageClass,
        },
      });
    }
  }
}
