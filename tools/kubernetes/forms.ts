import type { Grammar } from '../../lib/kubernetes/grammar';
import { LABEL_KEY, LABEL_VALUE } from '../../lib/kubernetes/labels';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../../lib/kubernetes/names';

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
// Only roughly: any hexadecimal groups, and an IPv4 address at the end.
const IPV6 = `(?=[^:]*:[^:]*:)[0-9a-fA-F:]+(${IPV4})?`;

const pattern = (source: string, form: string): Grammar => ({ pattern: new RegExp(`^(${source})$`), form });

const ADDRESS = pattern(`${IPV4}|${IPV6}`, 'an IP address');
const BLOCK = pattern(
  `${IPV4}/(3[0-2]|[12]?\\d)|${IPV6}/(12[0-8]|1[01]\\d|[1-9]?\\d)`,
  'an address block such as 10.0.0.0/8',
);
const CLUSTER_IP = pattern(`(None)?|${IPV4}|${IPV6}`, 'an IP address or None');
const FINALIZER = pattern(
  `(kubernetes|orphan|foregroundDeletion)|(?=.*/)${LABEL_KEY.pattern.source.slice(1, -1)}`,
  'a name such as example.com/finalizer',
);
const MOUNT_PATH = pattern('[^:]+', 'a path without a colon');
const OPTIONAL_KEY = pattern(`(${LABEL_KEY.pattern.source.slice(1, -1)})?`, LABEL_KEY.form);

/**
 * The form of texts that the API server checks but its OpenAPI document does not contain, of k8s.io/kubernetes v1.36.
 * `[]` is the items of a list, `{}` the values of a map.
 */
export const FORMS: Readonly<Record<string, Grammar>> = {
  'HostAlias.ip': ADDRESS,
  'IPBlock.cidr': BLOCK,
  'IPBlock.except[]': BLOCK,
  'ObjectMeta.finalizers[]': FINALIZER,
  'PodSpec.hostname': DNS_LABEL,
  'PodSpec.nodeSelector{}': LABEL_VALUE,
  'PodSpec.priorityClassName': DNS_SUBDOMAIN,
  'PodSpec.subdomain': DNS_LABEL,
  'ServiceSpec.clusterIP': CLUSTER_IP,
  'ServiceSpec.clusterIPs[]': CLUSTER_IP,
  'ServiceSpec.externalIPs[]': ADDRESS,
  'ServiceSpec.loadBalancerSourceRanges[]': BLOCK,
  'Toleration.key': OPTIONAL_KEY,
  'Toleration.value': LABEL_VALUE,
  'VolumeMount.mountPath': MOUNT_PATH,
};
