/** Hosts of AWS, which have the buckets of all regions of a partition: their names are unique in it. */
const AWS = /^s3(?:[.-][a-z0-9]+)*\.amazonaws\.com(\.cn)?$/;

/**
 * Whether two endpoints are the same S3 store: AWS, which needs no endpoint, or the same host and port, also if a Service
 * is named with its namespace or as `….svc.cluster.local`.
 *
 * @param namespace that of the pods that use the endpoints
 */
export const isSameStore = (one: string | undefined, other: string | undefined, namespace: string): boolean =>
  storeOf(one, namespace) === storeOf(other, namespace);

function storeOf(endpoint: string | undefined, namespace: string): string {
  if (endpoint === undefined) return 'aws';
  const { protocol, hostname, port } = new URL(endpoint);
  const host = hostname.toLowerCase().replace(/\.$/, '');
  const aws = AWS.exec(host);
  if (aws) return host.includes('us-gov-') ? 'aws-us-gov' : `aws${aws[1] ? '-cn' : ''}`;
  const service = host.replace(/\.svc(\.cluster\.local)?$/, '');
  const full = service.includes('.') || service.includes(':') ? service : `${service}.${namespace}`;
  return `${full}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
