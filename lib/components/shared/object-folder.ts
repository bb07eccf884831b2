import { type Surroundings, serviceNamed } from '../../kubernetes/service-names';

/** A folder of an object store, to be compared with another. */
export interface ObjectFolder {
  /** The store: the same text for the same one, however it is named. */
  readonly store: string;
  readonly bucket: string;
  /** @default the whole bucket */
  readonly prefix?: string;
  /** Whether its login opens every bucket of the store. @default no, or the store does not tell */
  readonly opensStore?: boolean;
}

/** Whether two folders are in one bucket. */
export const isSameBucket = (one: ObjectFolder | undefined, other: ObjectFolder | undefined): boolean =>
  one !== undefined && other !== undefined && one.store === other.store && one.bucket === other.bucket;

/** Whether one folder is in the other, or both are the same. */
export function overlap(one: ObjectFolder | undefined, other: ObjectFolder | undefined): boolean {
  const [a, b] = [one, other].map((folder) => (folder?.prefix === undefined ? '' : `${folder.prefix}/`));
  return isSameBucket(one, other) && a !== undefined && b !== undefined && (a.startsWith(b) || b.startsWith(a));
}

/** Google Cloud Storage, by any of its interfaces: names of buckets are unique in it. */
export const GCS = 'gcs';

/** Hosts of AWS, which have the buckets of all regions of a partition: their names are unique in it. */
const AWS = /^s3(?:[.-][a-z0-9]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Which S3 store an endpoint is: AWS, which needs no endpoint, or a host, port and path, also if a Service is named with
 * its namespace or the cluster's domain.
 *
 * @param from where the pods look up the endpoint
 */
export function s3StoreAt(endpoint: string | undefined, from: Surroundings): string {
  if (endpoint === undefined) return 'aws';
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'storage.googleapis.com') return GCS;
  const aws = AWS.exec(host);
  if (aws) return host.includes('us-gov-') ? 'aws-us-gov' : `aws${aws[1] ? '-cn' : ''}`;
  const service = serviceNamed(host, from);
  const full = service ? `${service.name}.${service.namespace}` : host;
  return `${full}:${port || (protocol === 'https:' ? 443 : 80)}${pathname.replace(/\/$/, '')}`;
}
