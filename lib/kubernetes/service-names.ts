import { isIP } from 'node:net';

/** A Service as a host name means it. */
export interface NamedService {
  /** The name without namespace and domain: of a Service, or of a pod behind a headless one with the Service's. */
  readonly name: string;
  readonly namespace: string;
  /** Whether the name may also be that of a machine outside the cluster. */
  readonly isAmbiguous: boolean;
}

/** Where a host name is looked up. */
export interface Surroundings {
  /** The namespace of the pods: a name of one word is a Service there. */
  readonly namespace: string;
  /** The domain of the cluster. */
  readonly clusterDomain: string;
}

/** The domain of nearly every cluster. */
export const CLUSTER_DOMAIN = 'cluster.local';

/** Top-level domains that are no names of namespaces, so that `example.com` is never Service `example`. */
const GENERIC_DOMAIN = /^(com|net|org|edu|gov|mil|int|info|biz)$/;

/**
 * The Service that a host name may mean: `NAME`, `NAME.NAMESPACE`, `NAME.NAMESPACE.svc`, and the last followed by a
 * domain, each also with a pod's name before it if it has `svc`. `minio.minio` and names under a domain that is not the
 * cluster's may be machines of a network as well; `example.com` is one only.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
 */
export function serviceNamed(host: string, { namespace, clusterDomain }: Surroundings): NamedService | undefined {
  if (isIP(host)) return undefined;
  const words = host.toLowerCase().replace(/\.$/, '').split('.');
  const marker = words.indexOf('svc', 2);
  if (marker === 2 || marker === 3) {
    const domain = words.slice(marker + 1).join('.');
    const isAmbiguous = !['', clusterDomain, CLUSTER_DOMAIN].includes(domain);
    return { name: words.slice(0, marker - 1).join('.'), namespace: words[marker - 1] ?? '', isAmbiguous };
  }
  const [name = '', second, ...rest] = words;
  if (second === undefined) return { name, namespace, isAmbiguous: false };
  if (rest.length > 0 || GENERIC_DOMAIN.test(second)) return undefined;
  return { name, namespace: second, isAmbiguous: true };
}
