import { isMetadataBlock } from '../shared/contributions/metadata-services';
import { areEverywhereTogether, isEverywhere } from '../shared/risks/addresses';
import { appliedRisks, type Risk } from '../shared/risks/risk';
import type { NetworkPolicySection } from './resolve';

/** The sections that a network policy protects. */
export interface ProtectedSections {
  readonly networkPolicy: NetworkPolicySection;
  readonly auth: { readonly enabled: boolean };
  readonly database: { readonly embedded?: unknown };
  readonly artifacts: { readonly embedded?: unknown };
}

/** What a network policy opens, or leaves open because it is off. */
export function networkPolicyRisks({ networkPolicy, auth, database, artifacts }: ProtectedSections): Risk[] {
  const { enabled, clients, egress, dns, addresses } = networkPolicy;
  const stores = [...(database.embedded ? ['PostgreSQL'] : []), ...(artifacts.embedded ? ['S3 store'] : [])];
  const unused = [
    ...(Object.keys(clients) as (keyof typeof clients)[])
      .filter((key) => clients[key].length > 0)
      .map((key) => `networkPolicy.clients.${key}`),
    ...(egress.length > 0 ? ['networkPolicy.egress'] : []),
    ...(Object.keys(addresses).length > 0 ? ['networkPolicy.addresses'] : []),
  ];
  const off = { path: ['networkPolicy', 'enabled'], risk: 'open-network' as const };
  return appliedRisks([
    {
      ...off,
      dependsOn: [['database'], ['artifacts']],
      applies: !enabled && stores.length > 0,
      what: `is false, so every pod of the cluster can connect to the embedded ${stores.join(' and ')}, without TLS`,
      fix: 'set it to true',
    },
    {
      ...off,
      dependsOn: [['auth', 'enabled']],
      applies: !enabled && !auth.enabled,
      what: 'is false and authentication is off, so every pod of the cluster can read, change and delete everything',
      fix: 'set one of them to true',
    },
    {
      ...off,
      applies: !enabled && unused.length > 0,
      what: `is false, so ${unused.join(', ')} restrict nothing`,
      fix: 'set it to true, or remove them',
    },
    ...clients.cidrs.map((cidr, index) => ({
      path: ['networkPolicy', 'clients', 'cidrs', index],
      risk: 'open-network' as const,
      applies: isEverywhere(cidr),
      what: `is ${cidr}, which is wider than any private network, and also admits every pod of the cluster`,
      fix: 'name the blocks of clients',
    })),
    ...egress.map(({ cidr, ports }, index) => ({
      path: ['networkPolicy', 'egress', index],
      risk: 'open-network' as const,
      applies: cidr !== undefined && isEverywhere(cidr),
      what: `is ${cidr}${ports.length > 0 ? '' : ' on every port'}, so users can make the server connect to almost any address`,
      fix: 'name the block of the destination',
    })),
    ...Object.entries(addresses).flatMap(([host, blocks]) =>
      blocks.map((cidr, index) => ({
        path: ['networkPolicy', 'addresses', host, index],
        risk: 'open-network' as const,
        applies: isEverywhere(cidr),
        what: `is ${cidr}, which is wider than any private network`,
        fix: 'name the blocks of the host',
      })),
    ),
    ...[
      { path: ['clients', 'cidrs'], blocks: clients.cidrs, opens: 'admit', fix: 'name the blocks of clients' },
      {
        path: ['egress'],
        blocks: egress.flatMap(({ cidr }) => cidr ?? []),
        opens: 'let the server connect to',
        fix: 'name the blocks of the destinations',
      },
      ...Object.entries(addresses).map(([host, blocks]) => ({
        path: ['addresses', host],
        blocks,
        opens: 'let pods connect to',
        fix: 'name the blocks of the host',
      })),
    ].map(({ path, blocks, opens, fix }) => ({
      path: ['networkPolicy', ...path],
      risk: 'open-network' as const,
      applies: areEverywhereTogether(blocks),
      what: `${opens} more public addresses together than any private network has`,
      fix,
    })),
    ...dns.map(({ cidr, port }, index) => ({
      path: ['networkPolicy', 'dns', index],
      risk: 'open-network' as const,
      applies: cidr !== undefined && isEverywhere(cidr),
      what: `is ${cidr}, so code in a pod can send anything to any address on port ${port}`,
      fix: 'name the addresses of the DNS',
    })),
    ...(['egress', 'dns'] as const).flatMap((key) =>
      networkPolicy[key].map(({ cidr }, index) => ({
        path: ['networkPolicy', key, index],
        risk: 'open-network' as const,
        applies: cidr !== undefined && isMetadataBlock(cidr),
        what: `is ${cidr}, where clouds have metadata services with credentials of the node`,
        fix: 'name the one address that the server needs',
      })),
    ),
  ]);
}
