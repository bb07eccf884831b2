import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { secondsOf } from '../../kubernetes/duration';
import type { Edge } from '../exposure/edge';
import { proxyPeers } from '../exposure/peers';
import { type PathSections, pathOf } from '../exposure/prefix';
import { IDLE_SECONDS } from '../exposure/transfers';
import { gatewayController, type Parent } from './controllers';
import type { gateway as section } from './section';

/** The section as a user wrote it. */
export type GatewaySection = DeepReadonly<z.output<typeof section>>;

/** The sections that the route follows from. */
export interface GivenGateway extends PathSections {
  readonly namespace: { readonly name: string };
  readonly gateway?: GatewaySection;
}

/** A Gateway or one of its listeners. */
export type ParentRef = GatewaySection['parentRefs'][number] & Parent;

/** A route of the Gateway API to the server. */
export interface Gateway extends Edge, Pick<GatewaySection, 'annotations' | 'controller'> {
  readonly parentRefs: readonly ParentRef[];
  /** Time for a whole request. @default the controller's own */
  readonly timeout?: string;
  /** Seconds for a whole request, if policies of Google say them. */
  readonly policySeconds?: number;
}

/** Fills in namespaces, path, and where connections come from. */
export function resolveGateway(given: GivenGateway): { readonly gateway?: Gateway } {
  const { gateway, namespace } = given;
  if (!gateway) return {};
  const parentRefs = gateway.parentRefs.map((ref) => ({ ...ref, namespace: ref.namespace ?? namespace.name }));
  const kind = gatewayController(gateway.controller);
  const peers = parentRefs.flatMap((parent) => proxyPeers(gateway.from, kind.peers(parent)));
  return {
    gateway: {
      ...gateway,
      parentRefs,
      path: pathOf(given),
      timeout: kind.hasOwnTimeouts ? undefined : gateway.timeout,
      policySeconds: kind.usesGooglePolicies ? Math.ceil(secondsOf(gateway.timeout)) || IDLE_SECONDS : undefined,
      // Listeners of one Gateway have the same proxies.
      from: [...new Map(peers.map((peer) => [JSON.stringify(peer), peer])).values()],
    },
  };
}
