import { Construct } from 'constructs';
import { KEEP_ANNOTATIONS, objectMetadata } from '../../kubernetes/metadata';
import { KubePersistentVolumeClaim, Quantity } from '../../kubernetes/objects';
import type { Claim } from '../shared/contributions/claims';
import type { Instance } from '../shared/instance';

/** What the claims are created from. */
export interface StorageProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly claims: readonly Claim[];
}

/**
 * The claims of all components, in a file of their own: deleting and applying any other file loses nothing. GitOps
 * tools keep them when they are no longer in the output.
 */
export class Storage extends Construct {
  /** In the order of the components. */
  readonly claims: readonly KubePersistentVolumeClaim[];

  constructor(scope: Construct, id: string, { instance, claims }: StorageProps) {
    super(scope, id);
    this.claims = claims.map(
      ({ name, size, storageClass, accessMode }) =>
        new KubePersistentVolumeClaim(this, name, {
          metadata: objectMetadata(instance, 'storage', name, KEEP_ANNOTATIONS),
          spec: {
            accessModes: [accessMode],
            resources: { requests: { storage: Quantity.fromString(size) } },
            storageClassName: storageClass,
          },
        }),
    );
  }
}
