import type { Check } from '../../input/issue';

/** Each host is named once. */
export const hostChecks = (
  key: string,
  { host, additionalHosts }: { readonly host: string; readonly additionalHosts: readonly string[] },
): Check[] =>
  additionalHosts.map((further, index) => ({
    path: [key, 'additionalHosts', index],
    violated: further === host || additionalHosts.indexOf(further) < index,
    message: `is ${further}, which is named twice (remove it)`,
  }));

/** A policy that admits no source would refuse every request of the proxy. */
export const peerCheck = (
  key: string,
  { from, enabled, what }: { readonly from: readonly unknown[]; readonly enabled: boolean; readonly what: string },
): Check => ({
  path: [key, 'from'],
  dependsOn: [
    [key, 'controller'],
    ['networkPolicy', 'enabled'],
  ],
  violated: enabled && from.length === 0,
  message: `names no source of the connections of ${what}, so the network policy would refuse them (set namespace and labels of its pods, or cidrs)`,
});
