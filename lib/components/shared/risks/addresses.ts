import { BlockList, isIP } from 'node:net';
import { CLUSTER_DOMAIN, serviceNamed } from '../../../kubernetes/service-names';

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

/** Top-level domains of countries, below which anyone can register: `example.de` is hardly Service `example`. */
const COUNTRY_DOMAIN = new RegExp(
  `^[^.]+\\.(${[
    'ac|ad|ae|af|ag|ai|al|am|ao|aq|ar|as|at|au|aw|ax|az|ba|bb|bd|be|bf|bg|bh|bi|bj|bm|bn|bo|br|bs|bt|bw|by|bz|ca|cc|cd',
    'cf|cg|ch|ci|ck|cl|cm|cn|co|cr|cu|cv|cw|cx|cy|cz|de|dj|dk|dm|do|dz|ec|ee|eg|er|es|et|eu|fi|fj|fk|fm|fo|fr|ga|gd|ge',
    'gf|gg|gh|gi|gl|gm|gn|gp|gq|gr|gs|gt|gu|gw|gy|hk|hm|hn|hr|ht|hu|id|ie|il|im|in|io|iq|ir|is|it|je|jm|jo|jp|ke|kg|kh',
    'ki|km|kn|kp|kr|kw|ky|kz|la|lb|lc|li|lk|lr|ls|lt|lu|lv|ly|ma|mc|md|me|mg|mh|mk|ml|mm|mn|mo|mp|mq|mr|ms|mt|mu|mv|mw',
    'mx|my|mz|na|nc|ne|nf|ng|ni|nl|no|np|nr|nu|nz|om|pa|pe|pf|pg|ph|pk|pl|pm|pn|pr|ps|pt|pw|py|qa|re|ro|rs|ru|rw|sa|sb',
    'sc|sd|se|sg|sh|si|sj|sk|sl|sm|sn|so|sr|ss|st|su|sv|sx|sy|sz|tc|td|tf|tg|th|tj|tk|tl|tm|tn|to|tr|tt|tv|tw|tz|ua|ug',
    'uk|us|uy|uz|va|vc|ve|vg|vi|vn|vu|wf|ws|ye|yt|za|zm|zw',
  ].join('|')})$`,
);

/**
 * Whether a host is outside the cluster and outside a private network: a public address, or a name that is neither one
 * of a Service nor of a private domain. A name of two words is one of a Service unless the second is a well-known
 * top-level domain.
 */
export function isOutside(host: string): boolean {
  const name = host
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
    .replace(/\.$/, '');
  const version = isIP(name);
  if (version) return !privateAddresses.check(name, version === 4 ? 'ipv4' : 'ipv6');
  const isService = serviceNamed(name, ANYWHERE_IN_CLUSTER) !== undefined && !COUNTRY_DOMAIN.test(name);
  return !isService && !isPrivateName(name);
}

/** Whether a name is of a Service does not depend on where it is looked up. */
const ANYWHERE_IN_CLUSTER = { namespace: 'default', clusterDomain: CLUSTER_DOMAIN };

/** Whether a URL leads outside without TLS. */
export const isPlainOutside = (url = ''): boolean => url.startsWith('http://') && isOutside(new URL(url).hostname);

/** The widest private block of IPv4 (10.0.0.0/8). */
const WIDEST_IPV4 = 8;

/** All of IPv4, as addresses of IPv6 behind NAT64. @see https://www.rfc-editor.org/rfc/rfc6052 */
const translated = new BlockList();
translated.addSubnet('64:ff9b::', 96, 'ipv6');

/**
 * Whether an address block is wider than any private one (10.0.0.0/8, fc00::/7), or than what a provider of IPv6 gets
 * (/16, but most a /32): it is meant for everyone.
 */
export function isEverywhere(cidr: string): boolean {
  const [address = '', prefix] = cidr.split('/');
  if (isIP(address) !== 6) return Number(prefix) < WIDEST_IPV4;
  if (translated.check(address, 'ipv6') && Number(prefix) >= 96) return Number(prefix) < 96 + WIDEST_IPV4;
  return Number(prefix) < (privateAddresses.check(address, 'ipv6') ? 7 : 16);
}

/** Whether blocks are that wide: one of them, or all that are public together. */
export const areEverywhere = (cidrs: readonly string[]): boolean =>
  cidrs.some(isEverywhere) || areEverywhereTogether(cidrs);

/** Whether blocks of which none is that wide are so together. */
export const areEverywhereTogether = (cidrs: readonly string[]): boolean =>
  !cidrs.some(isEverywhere) && publicShare(cidrs) >= 2 ** -(WIDEST_IPV4 - 1);

/** The share of all IPv4 addresses, or of those of IPv6, that public blocks have; of the family that has more. */
function publicShare(cidrs: readonly string[]): number {
  const counted = new BlockList();
  const shares = { ipv4: 0, ipv6: 0 };
  const blocks = cidrs.map((cidr) => {
    const [address = '', prefix] = cidr.split('/');
    return { address, prefix: Number(prefix), family: isIP(address) === 6 ? ('ipv6' as const) : ('ipv4' as const) };
  });
  // The widest first, so that what is within another is not counted again.
  for (const { address, prefix, family } of blocks.toSorted((one, other) => one.prefix - other.prefix)) {
    if (!isIP(address) || privateAddresses.check(address, family) || counted.check(address, family)) continue;
    counted.addSubnet(address, prefix, family);
    // What providers of IPv6 get is a /16 at most, which counts as a /8 of IPv4.
    shares[family] += 2 ** -(family === 'ipv4' ? prefix : Math.max(0, prefix - 8));
  }
  return Math.max(shares.ipv4, shares.ipv6);
}
