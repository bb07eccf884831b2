import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Edge } from '../exposure/edge';
import { proxyPeers, type UsualPeers } from '../exposure/peers';
import { type PathSections, pathOf } from '../exposure/prefix';
import type { route as section } from './section';

/** The section as a user wrote it. */
export type RouteSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the Route follows from. */
export interface GivenRoute extends PathSections {
  readonly route?: RouteSection;
}

/** A Route of OpenShift to the server. */
export interface Route extends Edge, Pick<RouteSection, 'tls' | 'annotations'> {}

/**
 * Namespaces of routers: in the pod network, and in that of the nodes.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_security/network-policy
 */
const ROUTERS: UsualPeers = {
  namespaceLabels: [
    { 'policy-group.network.openshift.io/ingress': '' },
    { 'policy-group.network.openshift.io/host-network': '' },
  ],
};

/** Fills in the path, and where connections come from. */
export function resolveRoute(given: GivenRoute): { readonly route?: Route } {
  const { route } = given;
  if (!route) return {};
  return {
    route: {
      ...route,
      additionalHosts: [],
      scheme: route.tls.enabled ? 'https' : 'http',
      path: pathOf(given),
      from: proxyPeers(route.from, ROUTERS),
    },
  };
}
