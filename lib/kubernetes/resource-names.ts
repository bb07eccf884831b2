import { matches } from './grammar';
import { LABEL_KEY } from './labels';

/**
 * Names of resources in quotas and limits, as the API server accepts them. A name with a domain is accepted for any
 * domain, `count/deployments.apps` and `gold.storageclass.storage.k8s.io/requests.storage` among them.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/release-1.34/pkg/apis/core/helper/helpers.go
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */

const CONTAINER = ['cpu', 'memory', 'ephemeral-storage'];

/** What is counted. */
const COUNTED = [
  'pods',
  'services',
  'services.nodeports',
  'services.loadbalancers',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
];

const QUOTA = [
  ...CONTAINER,
  ...['requests', 'limits'].flatMap((prefix) => CONTAINER.map((name) => `${prefix}.${name}`)),
  'requests.storage',
  ...COUNTED,
];

/** The names without a domain, by where they may be. */
export const RESOURCE_NAMES = { container: CONTAINER, quota: QUOTA, any: [...QUOTA, 'storage'] } as const;

/** Where a name of a resource may be: in a quota, in limits of containers and pods, or in those of anything. */
export type ResourcePlace = keyof typeof RESOURCE_NAMES;

/** Huge pages of any size; a quota counts their requests. */
const HUGE_PAGES = {
  container: /^hugepages-/,
  quota: /^(requests\.)?hugepages-/,
  any: /^(requests\.)?hugepages-/,
} as const;

/** Whether the API server accepts the name of a resource in a place. */
export function isResourceOf(place: ResourcePlace, name: string): boolean {
  if (!matches(LABEL_KEY, name)) return false;
  if (!name.includes('/')) return RESOURCE_NAMES[place].includes(name) || HUGE_PAGES[place].test(name);
  return place !== 'container' || isNative(name) || isExtended(name);
}

/** Whether the amount of a resource is a whole number. */
export const isCounted = (name: string): boolean => COUNTED.includes(name) || isExtended(name);

/** Whether a limit and a request may differ. */
export const isOvercommitted = (name: string): boolean => isNative(name) && !HUGE_PAGES.container.test(name);

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A resource of another vendor, such as nvidia.com/gpu, of which a quota can count the requests. */
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && matches(LABEL_KEY, `requests.${name}`);
