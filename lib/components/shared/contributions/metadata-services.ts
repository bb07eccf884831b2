import { BlockList, isIP } from 'node:net';
import type { NetworkPolicyPeer } from '../../../kubernetes/objects';

/**
 * Addresses where clouds offer metadata of a node, with credentials of its role among it: what every server-side
 * request forgery asks for. All link-local ones are in it, because a pod needs none of them except DNS.
 */
const METADATA_BLOCKS = [
  // AWS, Google Cloud, Azure, Oracle and others; credentials of ECS tasks and EKS Pod Identity.
  '169.254.0.0/16',
  // Alibaba Cloud: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  '100.100.100.200/32',
  // Azure: https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
  'fe80::/10',
  // AWS, with EKS Pod Identity: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  'fd00:ec2::/32',
  // Google Cloud: https://cloud.google.com/compute/docs/metadata/querying-metadata
  'fd20:ce::254/128',
  // Oracle: https://docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm
  'fd00:c1::a9fe:a9fe/128',
  // Scaleway: https://www.scaleway.com/en/docs/instances/how-to/use-instance-metadata/
  'fd00:42::42/128',
  // 169.254.0.0/16 behind NAT64: https://www.rfc-editor.org/rfc/rfc6052
  '64:ff9b::a9fe:0/112',
] as const;

/** The addresses of a block without those of metadata services; a block that is all within them stays as it is. */
export function withoutMetadata(cidr: string): NetworkPolicyPeer {
  const except = METADATA_BLOCKS.filter((block) => isWithin(block, cidr));
  return { ipBlock: except.length > 0 ? { cidr, except } : { cidr } };
}

/** Whether a peer has addresses of metadata services. A single address is named by those who need it. */
export const reachesMetadata = ({ ipBlock }: NetworkPolicyPeer): boolean =>
  ipBlock !== undefined &&
  (isMetadataBlock(ipBlock.cidr) ||
    METADATA_BLOCKS.some(
      (block) =>
        isWithin(block, ipBlock.cidr) && !(ipBlock.except ?? []).some((except) => containsBlock(except, block)),
    ));

/** Whether a block has more than one address, all of them where clouds have metadata services. */
export const isMetadataBlock = (cidr: string): boolean => {
  const [address, length] = parse(cidr);
  return length < (isIP(address) === 4 ? 32 : 128) && METADATA_BLOCKS.some((block) => containsBlock(block, cidr));
};

/** Whether all addresses of a block, or the only one, are where clouds have metadata services. */
export const isWithinMetadata = (cidr: string): boolean => METADATA_BLOCKS.some((block) => containsBlock(block, cidr));

/** Whether a host is an address where clouds have metadata services. */
export const isMetadataAddress = (host: string): boolean =>
  isIP(host) !== 0 && METADATA_BLOCKS.some((block) => containsBlock(block, `${host}/${isIP(host) === 4 ? 32 : 128}`));

/** Whether a block is a true part of another. */
const isWithin = (block: string, whole: string): boolean => containsBlock(whole, block) && !containsBlock(block, whole);

/** Whether all addresses of a block are in another. */
export function containsBlock(whole: string, block: string): boolean {
  const [address, length] = parse(whole);
  const [start, ownLength] = parse(block);
  const family = familyOf(start);
  if (familyOf(address) !== family || length > ownLength) return false;
  const list = new BlockList();
  list.addSubnet(address, length, family);
  return list.check(start, family);
}

const parse = (cidr: string): [address: string, length: number] => {
  const [address = '', length = ''] = cidr.split('/');
  return [address, Number(length)];
};

const familyOf = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
