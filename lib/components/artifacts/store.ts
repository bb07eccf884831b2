import type { Issue } from '../../input/issue';
import type { Surroundings } from '../../kubernetes/service-names';
import type { Variable } from '../../kubernetes/variables';
import type { Release } from '../../mlflow/releases';
import type { Claim, MountedClaim } from '../shared/contributions/claims';
import type { Destination } from '../shared/contributions/destination';
import type { Reference } from '../shared/contributions/references';
import type { SecretKey } from '../shared/contributions/secret-keys';
import type { MountedFile } from '../shared/mounted-files';
import type { ObjectFolder } from '../shared/object-folder';
import type { PodIdentity } from '../shared/pod-identity';
import type { RiskCheck } from '../shared/risks/risk';

/** What a container needs to use a store. */
export interface StoreAccess {
  readonly variables: readonly Variable[];
  readonly files: readonly MountedFile[];
}

/** The same for a container that uses two stores at the same time. */
export interface BackupAccess extends StoreAccess {
  /** The variable that names its CA certificates, if it has none of its own. @default it has, or needs none */
  readonly publicCaVariable?: string;
}

/** What other components ask of an artifact store, whatever its kind. Each kind is a folder that provides it. */
export interface ArtifactStore {
  /** The root of all artifacts, as MLflow names it. */
  readonly uri: string;
  /** What garbage collection may remove is below it. @default `uri` */
  readonly collectedRoot?: string;
  /** For MLflow's own client of the store: in the server, `prepare` and garbage collection, and with direct access in clients. */
  readonly mlflow: StoreAccess;
  /** For backup and restore, which use the store of backups at the same time. */
  readonly backup: BackupAccess;
  /** What `prepare` checks and may create. */
  readonly prepareVariables: readonly Variable[];
  /** What a restore may create. */
  readonly restoreVariables: readonly Variable[];
  /** What clients with direct access need besides their own credentials. */
  readonly clientVariables: Readonly<Record<string, string>>;
  /** The bucket, to be compared with that of backups. @default no object store */
  readonly folder?: (surroundings: Surroundings) => ObjectFolder;
  /** URL of an S3-compatible store. @default AWS, or no S3 */
  readonly endpoint?: string;
  /** URLs of the store that may be in the cluster. @default none */
  readonly hosts?: readonly string[];
  /** As whom pods log in to the store without keys. The variables are among those of `mlflow`. @default by keys */
  readonly identity?: PodIdentity;
  /** What a release cannot do with the store. @default nothing */
  readonly issues?: (release: Release) => readonly Issue[];
  /** What connections to the store open. @default nothing */
  readonly risks?: () => readonly RiskCheck[];
  /** The keys of Secrets that these programs read. */
  readonly secretKeys: readonly SecretKey[];
  /** Objects that an external system creates. */
  readonly provided: readonly Reference[];
  readonly claims: readonly MountedClaim[];
  /** The claim that the server and backups mount, and where. @default none */
  readonly volume?: { readonly claim: Claim; readonly path: string };
  /** The hosts that pods connect to for it, unless it is embedded. */
  readonly destinations: readonly Destination[];
}
