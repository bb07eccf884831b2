import { z } from 'zod';
import { address, addressBlock, annotations, port, section, wholeNumber } from '../shared/sections/fields';

export const service = section({
  /** How far the one Service reaches: the cluster, also a port of every node, also an address of its own. */
  type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP'),
  /** Port of the Service. */
  port: port().default(5000),
  /** Port on every node, for NodePort and LoadBalancer; without it Kubernetes picks one. */
  nodePort: wholeNumber(30000, 32767).optional(),
  /** Addresses of nodes that people type into a browser together with `nodePort`; they are allowed as hosts and origins. */
  nodeAddresses: z.array(address()).default([]),
  /** Address that MetalLB gives the Service, for LoadBalancer. */
  loadBalancerIP: address().optional(),
  /** Which IP families the Service has, the first one for its main address. Without it: the cluster's first one. With IPv6 the server listens on it too. */
  ipFamilies: z
    .array(z.enum(['IPv4', 'IPv6']))
    .max(2)
    .refine((families) => new Set(families).size === families.length, 'must not name a family twice')
    .default([]),
  /** Whether the Service has both families: `PreferDualStack` where the cluster has (then name at most the first one in `ipFamilies`), `RequireDualStack` always. Without it: `SingleStack` or `RequireDualStack`, as `ipFamilies` names one or two. */
  ipFamilyPolicy: z.enum(['SingleStack', 'PreferDualStack', 'RequireDualStack']).optional(),
  /** Address blocks that the load balancer lets in; without it all. */
  sourceRanges: z.array(addressBlock()).default([]),
  /** `Local` keeps the client's address and uses only pods on the node that was asked. */
  externalTrafficPolicy: z.enum(['Cluster', 'Local']).optional(),
  /** Annotations of the Service, for load balancers that want some. */
  annotations: annotations().default({}),
});
