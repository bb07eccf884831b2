import type { Variable } from '../../kubernetes/variables';
import type { Destination } from './contributions/destination';
import { destinationsIn } from './contributions/destinations';
import { googlePodIdentity } from './google-identity';
import type { MountedFile } from './mounted-files';
import { GCS, type ObjectFolder } from './object-folder';
import type { PodIdentity } from './pod-identity';
import type { GoogleIdentity } from './sections/google-identity';

/** A bucket of Google Cloud Storage, with the Secret that opens it, unless the pods have an identity there. */
export interface GcsBucket {
  readonly bucket: string;
  /** @default `https://storage.googleapis.com` */
  readonly endpoint?: string;
  /** @default a key file is not used, because there is an identity */
  readonly credentials?: { readonly secret: string; readonly key: string };
  readonly identity?: GoogleIdentity;
}

/** The bucket as a user wrote it. */
type GivenBucket = Omit<GcsBucket, 'credentials'> & {
  readonly credentials: { readonly secret?: string; readonly key: string };
};

/** Fills in the Secret. */
export const resolveGcs = <Given extends GivenBucket>(given: Given, secret: string) => ({
  ...given,
  credentials: given.identity ? undefined : { ...given.credentials, secret: given.credentials.secret ?? secret },
});

/** The API of Google Cloud Storage. */
export const GCS_URL = 'https://storage.googleapis.com';

/** What exchanges a key file for tokens. */
export const TOKENS_URL = 'https://oauth2.googleapis.com';

/** The identity of a pod in a bucket, if it has one there. */
export const gcsIdentity = ({ identity }: GcsBucket): PodIdentity | undefined =>
  identity && googlePodIdentity(identity);

/** The key file, mounted at a path. */
export const keyFile = ({ credentials }: GcsBucket, name: string, path: string): MountedFile => ({
  name,
  path,
  source: credentials && { secret: credentials.secret, key: credentials.key },
});

/** Where the key file is then. */
export const keyFileVariable = ({ credentials }: GcsBucket, name: string, path: string): Variable[] =>
  credentials ? [{ name, value: `${path}/${credentials.key}` }] : [];

/** The hosts of a bucket, and of what gives pods tokens. */
export const gcsDestinations = (gcs: GcsBucket): Destination[] => [
  ...destinationsIn(gcs.endpoint ?? GCS_URL),
  ...(gcsIdentity(gcs)?.destinations ?? destinationsIn(TOKENS_URL)),
];

/** The bucket, to be compared with another: names are unique in all of Google Cloud Storage. */
export const gcsFolder = ({ bucket }: GcsBucket, prefix: string | undefined): ObjectFolder => ({
  store: GCS,
  bucket,
  prefix,
});
