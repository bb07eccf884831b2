import { BlockList, isIP } from 'node:net';

/** Addresses that are not routed on the internet, as IPv4 and IPv6 blocks. */
const PRIVATE: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['::1', 128, 'ipv6'],
];

const privateAddresses = new BlockList();
for (const block of PRIVATE) privateAddresses.addSubnet(...block);

/** Top-level domains of home and company networks. */
const PRIVATE_DOMAIN = /(^|\.)(corp|home|home\.arpa|internal|intranet|lan|local|localdomain|localhost|private)$/;

/** Whether a host name is of a private network, which others cannot register. */
export const isPrivateName = (name: string): boolean => PRIVATE_DOMAIN.test(name);

/**
 * Whether a host is outside the cluster and outside a private network: a public address, or a name that is neither one
 * of a Service (one or two words, or `….svc…`, also with that of a pod) nor of a private domain.
 */
export function isOutside(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  const version = isIP(name);
  if (version) return !privateAddresses.check(name, version === 4 ? 'ipv4' : 'ipv6');
  const words = name.replace(/\.$/, '').split('.');
  return words.length > 2 && !words.slice(2).includes('svc') && !isPrivateName(words.join('.'));
}

/** Whether a URL leads outside without TLS. */
export const isPlainOutside = (url = ''): boolean => url.startsWith('http://') && isOutside(new URL(url).hostname);

/**
 * Whether an address block is wider than any private one (10.0.0.0/8, fc00::/7), or than what a provider of IPv6 gets
 * (/16, but most a /32): it is meant for everyone.
 */
export function isEverywhere(cidr: string): boolean {
  const [address = '', prefix] = cidr.split('/');
  if (isIP(address) !== 6) return Number(prefix) < 8;
  return Number(prefix) < (privateAddresses.check(address, 'ipv6') ? 7 : 16);
}
