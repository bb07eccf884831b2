import type { PodSpec, ServiceAccountTokenProjection } from '../../../kubernetes/objects';
import type { Manifest } from '../../manifest';
import { advisedRule } from '../rule';
import { podsOf } from '../workloads';

/** Only pods whose ServiceAccount has permissions get a token for the API server. */
export const tokensNeedRights = advisedRule({
  name: 'tokens-need-rights',
  reason: 'an attacker in the pod finds a token that the pod never needed',
  patched: 'allowed',
  find: (objects) => {
    const bindings = objects.filter(({ kind }) => kind === 'RoleBinding' || kind === 'ClusterRoleBinding');
    const entitled = new Set(bindings.flatMap(accountsOf));
    return podsOf(objects).flatMap(({ object, spec }) => {
      const mounted = spec.automountServiceAccountToken;
      if (mounted === undefined) {
        return [{ object, what: 'does not set whether its pods get a token', fix: 'set automountServiceAccountToken' }];
      }
      if (!hasToken(spec) || entitled.has(spec.serviceAccountName ?? 'default')) return [];
      const what = 'gives its pods a token, but no Role is bound to their ServiceAccount';
      return [{ object, others: bindings, what, fix: 'set automountServiceAccountToken: false' }];
    });
  },
});

/** Audiences that API servers accept unless they are told others. */
const API_AUDIENCE = /^(https:\/\/kubernetes\.default\.svc(\..+)?|api|k3s|rke2)$/;

/** Whether the containers of a pod find a token for the API server. One with another audience is for that alone. */
export const hasToken = ({ automountServiceAccountToken, volumes = [] }: PodSpec): boolean =>
  automountServiceAccountToken === true ||
  volumes.some(({ projected }) => projected?.sources?.some((source) => isForApi(source.serviceAccountToken)));

const isForApi = (token: ServiceAccountTokenProjection | undefined): boolean =>
  token !== undefined && (!token.audience || API_AUDIENCE.test(token.audience));

function accountsOf({ subjects }: Manifest): string[] {
  const named = (subjects ?? []) as readonly { readonly kind?: string; readonly name?: string }[];
  return named.flatMap(({ kind, name }) => (kind === 'ServiceAccount' && name ? [name] : []));
}
