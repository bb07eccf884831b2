import type { REFUSED } from './refused.cases';

/** Quotas and limits of users that are refused, as they are written in `objects/*.yaml`. */
export const REFUSED_QUOTAS: typeof REFUSED = [
  [
    'a misspelt resource of a quota',
    '\napiVersion: v1\nkind: ResourceQuota\nmetadata: { name: a }\nspec:\n  hard:\n    cpu: 4\n    request.cpu: 4\n',
    '8:5 spec.hard."request.cpu": ',
    /is not a resource of a quota \(did you mean requests\.cpu\?\) \[rule valid-quotas/,
  ],
  [
    'an amount of a LimitRange that is none',
    '\napiVersion: v1\nkind: LimitRange\nmetadata: { name: a }\nspec:\n  limits: [{ type: Pod, max: { memory: 1GB } }]\n',
    '6:32 spec.limits[0].max.memory: ',
    /is not a quantity \(write one such as 500m or 1Gi\)/,
  ],
];
