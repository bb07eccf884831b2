import { podsOf } from '../rules/workloads';
import type { ObjectRiskCheck } from './object-risk';

interface Names {
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
  readonly dnsConfig?: { readonly nameservers?: readonly string[] };
}

/** Names that lead elsewhere than the cluster says: logins and data follow. */
export const redirections: ObjectRiskCheck = (objects) => [
  ...podsOf(objects).flatMap(({ object, spec }) => {
    const { hostAliases = [], dnsConfig: { nameservers = [] } = {} } = spec as Names;
    return [
      ...hostAliases.map(({ ip, hostnames = [] }) => `finds ${hostnames.join(', ')} at ${ip}`),
      ...(nameservers.length > 0 ? [`asks ${nameservers.join(', ')} for the addresses of hosts`] : []),
    ].map((what) => ({
      object,
      risk: 'weak-pods' as const,
      what: `${what}, whatever the DNS of the cluster says`,
      fix: 'use the DNS of the cluster',
    }));
  }),
  ...objects.flatMap((object) => {
    const { type, externalName } = (object.spec ?? {}) as { readonly type?: string; readonly externalName?: string };
    if (object.kind !== 'Service' || type !== 'ExternalName') return [];
    const what = `is another name of ${externalName}, to which clients then send their logins and data`;
    return [{ object, risk: 'weak-server' as const, what, fix: 'use type ClusterIP' }];
  }),
];
