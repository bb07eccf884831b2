import type { Path } from '../../../input/issue';
import type { Surroundings } from '../../../kubernetes/service-names';
import type { Variable } from '../../../kubernetes/variables';
import type { Claim, MountedClaim } from '../../shared/contributions/claims';
import type { Destination } from '../../shared/contributions/destination';
import type { Reference } from '../../shared/contributions/references';
import type { SecretKey } from '../../shared/contributions/secret-keys';
import type { MountedFile } from '../../shared/mounted-files';
import type { ObjectFolder } from '../../shared/object-folder';
import type { PodIdentity } from '../../shared/pod-identity';
import type { RiskCheck } from '../../shared/risks/risk';

/** What the Jobs ask of where backups are stored, whatever its kind. Each kind is a folder that provides it. */
export interface BackupDestination {
  /** Where it is set. */
  readonly path: Path;
  /** By which the programs find it, without those of the identity. */
  readonly variables: readonly Variable[];
  readonly files: readonly MountedFile[];
  /** The variable that names its CA certificates, if it has none of its own. @default it has, or needs none */
  readonly publicCaVariable?: string;
  /** URL of an S3-compatible store. @default AWS, or no S3 */
  readonly endpoint?: string;
  /** The bucket, to be compared with that of the artifacts. @default no object store */
  readonly folder?: (surroundings: Surroundings) => ObjectFolder;
  /** URLs of it that may be in the cluster. @default none */
  readonly hosts?: readonly string[];
  /** The key that names the bucket. @default `bucket` */
  readonly bucketKey?: string;
  /** As whom the pods log in without keys. @default by keys, or no login is needed */
  readonly identity?: PodIdentity;
  /** What connections to it open. @default nothing */
  readonly risks?: () => readonly RiskCheck[];
  /** The keys of Secrets that the programs read. */
  readonly secretKeys: readonly SecretKey[];
  /** Objects that an external system creates. */
  readonly provided: readonly Reference[];
  readonly claims: readonly MountedClaim[];
  /** The claim that the pods mount. @default none */
  readonly claim?: Claim;
  /** The hosts that pods connect to for it. @default it is mounted */
  readonly destinations?: readonly Destination[];
}
