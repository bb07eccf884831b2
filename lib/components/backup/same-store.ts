import { type Surroundings, serviceNamed } from '../../kubernetes/service-names';

/** Hosts of AWS, which have the buckets of all regions of a partition: their names are unique in it. */
const AWS = /^s3(?:[.-][a-z0-9]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Whether two endpoints are the same S3 store: AWS, which needs no endpoint, or the same host, port and path, also if a Service
 * is named with its namespace or the cluster's domain.
 *
 * @param from where the pods look up the endpoints
 */
export const isSameStore = (one: string | undefined, other: string | undefined, from: Surroundings): boolean =>
  storeOf(one, from) === storeOf(other, from);

function storeOf(endpoint: string | undefined, from: Surroundings): string {
  if (endpoint === undefined) return 'aws';
  const { protocol, hostname, port, pathname } = new URL(endpoint);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const aws = AWS.exec(host);
  if (aws) return host.includes('us-gov-') ? 'aws-us-gov' : `aws${aws[1] ? '-cn' : ''}`;
  const service = serviceNamed(host, from);
  const full = service ? `${service.name}.${service.namespace}` : host;
  return `${full}:${port || (protocol === 'https:' ? 443 : 80)}${pathname.replace(/\/$/, '')}`;
}
