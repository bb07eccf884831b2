import { canonicalQuantity, quantityValue } from '../../../kubernetes/quantity';
import type { Rule, Violation } from '../rule';
import { visit } from '../visit';
import { podsOf } from '../workloads';

const NEEDED = ['cpu', 'memory', 'ephemeral-storage'];

/** Amounts by resource, as the output has them. */
type Amounts = Readonly<Record<string, unknown>>;

/** Every container sets requests and limits. */
export const resourcesRequired: Rule = {
  name: 'resources-required',
  reason:
    'a container without requests is killed first when its node runs short, and one without limits can starve all others',
  patched: 'allowed',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers.flatMap(({ name, resources }) => {
        const missing = (['requests', 'limits'] as const).flatMap((field) =>
          NEEDED.filter((each) => resources?.[field]?.[each] === undefined).map((each) => `${field}.${each}`),
        );
        if (missing.length === 0) return [];
        return [{ object, message: `container ${name} does not set ${missing.join(', ')} (set it in resources)` }];
      }),
    ),
};

/**
 * Whether a resource cannot be promised to two containers, such as `nvidia.com/gpu` and huge pages: its request is its limit.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources
 */
const isWhole = (resource: string): boolean =>
  resource.startsWith('hugepages-') || (resource.includes('/') && !resource.startsWith('kubernetes.io/'));

/** No container requests more than its limit. */
export const requestsWithinLimits: Rule = {
  name: 'requests-within-limits',
  reason: 'the API server refuses a pod that requests more than its limit',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers.flatMap(({ name, resources }) => {
        const requests = (resources?.requests ?? {}) as Amounts;
        const limits = (resources?.limits ?? {}) as Amounts;
        return Object.keys(requests).flatMap((each): Violation[] => {
          const [request, limit] = [String(requests[each]), String(limits[each])];
          const said = `container ${name} requests ${request} of ${each}, but its limit is ${limit}`;
          if (isWhole(each)) {
            if (quantityValue(request) === quantityValue(limit)) return [];
            return [{ object, message: `${said} (set the limit to ${request}: no more of it can be used)` }];
          }
          if (!(quantityValue(request) > quantityValue(limit))) return [];
          return [{ object, message: `${said} (lower the request, or raise the limit)` }];
        });
      }),
    ),
};

/** Every quantity is written in the canonical form, which the API server stores. */
export const canonicalQuantities: Rule = {
  name: 'canonical-quantities',
  reason: 'the API server stores another text for the same amount, so a GitOps tool reports drift forever',
  patched: 'issue',
  check: (objects, _, __, added) =>
    objects.flatMap((object) => {
      const violations: Violation[] = [];
      visit((object.spec ?? {}) as object, (value, keys) => {
        if (!isQuantity(keys)) return true;
        const stored = canonicalQuantity(String(value));
        // What a user wrote elsewhere need only be one.
        if (value === stored || (stored !== undefined && added.has(object))) return false;
        const right = stored === undefined ? 'a quantity such as 500m or 1Gi' : `the text "${stored}"`;
        violations.push({ object, message: `spec.${keys.join('.')} is ${JSON.stringify(value)} (write ${right})` });
        return false;
      });
      return violations;
    }),
};

const QUANTITIES = new Set(['sizeLimit', 'averageValue', 'divisor']);

/** Whether a quantity is at a key path. */
function isQuantity(keys: readonly string[]): boolean {
  const key = keys.at(-1) ?? '';
  if (QUANTITIES.has(key)) return true;
  const parent = keys.at(-2);
  if (parent === 'requests' || parent === 'limits') return keys.at(-3) === 'resources';
  return key === 'value' && parent === 'target';
}
