import { z } from 'zod';
import { labels, namespaceName, port } from '../../kubernetes/fields';
import { addressBlock, section } from '../shared/sections/fields';

/** Pods that may connect to the server. */
export const podSelector = section({
  namespace: namespaceName().optional().describe('Namespace of the pods. If unset, the namespace of the instance.'),
  labels: labels()
    .refine((given) => Object.keys(given).length > 0, 'must name at least one label')
    .describe('Labels of the pods.'),
}).describe('Pods that may connect to the server.');

/** A destination of the server. */
const egressRule = section({
  namespace: namespaceName().optional().describe('Namespace whose pods the server may connect to. Set this or `cidr`.'),
  cidr: addressBlock()
    .optional()
    .describe(
      'Address block that the server may connect to. Set this or `namespace`. Metadata services of clouds ' +
        '(`169.254.169.254` and others) in it are left out: allow one by a block of its own, such as ' +
        '`169.254.169.254/32`.',
    ),
  ports: z
    .array(port())
    .default([])
    .describe('TCP ports. If empty, all ports. A network policy matches the port of the pod, not of the Service.'),
}).describe('A destination of the server.');

/** Which connections are allowed. */
export const networkPolicy = section({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether to allow only the connections that the environment needs: ingress from clients, and egress to DNS, the ' +
        'database and S3. For a host name outside the cluster, its port is open to all addresses except those of ' +
        'metadata services of clouds; an IP address or the name of a Service is narrower.',
    ),
  clients: section({
    namespaces: z.array(namespaceName()).default([]).describe('Namespaces whose pods may connect.'),
    pods: z.array(podSelector).default([]).describe('Pods that may connect, by their labels.'),
    cidrs: z
      .array(addressBlock())
      .default([])
      .describe(
        'Address blocks outside the cluster. Unless `service.externalTrafficPolicy` is `Local`, connections can come ' +
          'from the address of a node, so include the nodes. If empty, a NodePort or LoadBalancer Service is open to ' +
          'all addresses that the Service itself admits.',
      ),
  })
    .prefault({})
    .describe('Who may connect to the server. Pods in the namespace of the instance always may.'),
  egress: z.array(egressRule).default([]).describe('What the server may connect to besides DNS, the database and S3.'),
}).describe('Which connections are allowed.');
