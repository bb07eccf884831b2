import { z } from 'zod';
import { addressBlock, labels, namespaceName, port, section } from '../shared/sections/fields';

export const podSelector = section({
  /** Namespace of the pods; without it the instance's own. */
  namespace: namespaceName().optional(),
  /** Labels that the pods have. */
  labels: labels().refine((given) => Object.keys(given).length > 0, 'must name at least one label'),
});

export const egressRule = section({
  /** Namespace whose pods may be reached; give this or `cidr`. */
  namespace: namespaceName().optional(),
  /** Address block that may be reached; give this or `namespace`. */
  cidr: addressBlock().optional(),
  /** TCP ports; without them all. Mind that a policy sees the pod's port, not the Service's. */
  ports: z.array(port()).default([]),
});

export const networkPolicy = section({
  /** Whether traffic is limited to what the environment names: clients in; DNS, database and S3 out. A host name outside the cluster may be any address, so that its port is open to all; an address or the name of a Service is narrower. */
  enabled: z.boolean().default(true),
  /** Who may open connections to the server. Pods of the instance's own namespace always may. */
  clients: section({
    /** Namespaces, all pods of them. */
    namespaces: z.array(namespaceName()).default([]),
    /** Pods by their labels. */
    pods: z.array(podSelector).default([]),
    /** Address blocks outside the cluster. Unless `service.externalTrafficPolicy` is `Local`, a client may appear by the address of a node, so name the nodes too. Without blocks, a NodePort or LoadBalancer Service is open to all that the Service itself lets in. */
    cidrs: z.array(addressBlock()).default([]),
  }).prefault({}),
  /** What the server may reach besides DNS, the database and S3. */
  egress: z.array(egressRule).default([]),
});
