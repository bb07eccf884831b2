import { type Check, type Issue, type Path, violatedChecks } from '../../../input/issue';

/** A PersistentVolumeClaim. */
export interface Claim {
  readonly name: string;
  /** Size, as a quantity. */
  readonly size: string;
  /** @default the cluster's default StorageClass */
  readonly storageClass?: string;
  readonly accessMode: 'ReadWriteOnce' | 'ReadWriteMany' | 'ReadWriteOncePod';
}

/** A claim that an instance mounts, and the key that names it. */
export interface MountedClaim {
  readonly claim: Claim;
  /** Where the name is set. */
  readonly path: Path;
  /** Whether the claim is part of the output. */
  readonly create: boolean;
  /** How to use an existing claim of that name. @default nothing, because a claim of its own is required */
  readonly reuse?: string;
}

/** No two claims have one name: programs on one volume would overwrite each other's files. */
export function claimIssues(claims: readonly MountedClaim[]): Issue[] {
  const created = claims.filter(({ create }) => create);
  return violatedChecks(
    created.map(
      ({ path, claim, reuse }, index): Check => ({
        path,
        violated: created.slice(0, index).some((other) => other.claim.name === claim.name),
        message: `is ${claim.name}, the name of another claim (use another name${reuse ? `, or ${reuse}` : ''})`,
      }),
    ),
  );
}
