import { z } from 'zod';
import { annotations, labels, objectName, port } from '../../kubernetes/fields';
import { issuerFields } from '../exposure/certificates';
import { caCertificate } from '../shared/sections/ca-certificate';
import { address, addressBlock, section, wholeNumber } from '../shared/sections/fields';

/** How clients reach the server. */
export const service = section({
  type: z
    .enum(['ClusterIP', 'NodePort', 'LoadBalancer'])
    .default('ClusterIP')
    .describe('Type of the Service: reachable in the cluster, also on every node, or also through a load balancer.'),
  port: port().default(5000).describe('Port of the Service.'),
  nodePort: wholeNumber(30000, 32767)
    .optional()
    .describe('Port on every node, for NodePort and LoadBalancer. If unset, Kubernetes chooses one.'),
  nodeAddresses: z
    .array(address())
    .default([])
    .describe(
      'Addresses of nodes that people open in a browser with `nodePort`. MLflow accepts them as hosts and origins.',
    ),
  loadBalancerIP: address().optional().describe('Address that MetalLB assigns to the Service, for LoadBalancer.'),
  ipFamilies: z
    .array(z.enum(['IPv4', 'IPv6']))
    .max(2)
    .default([])
    .describe(
      'IP families of the Service; its main address is of the first one. If empty, the first family of the cluster. ' +
        'With IPv6 the server listens on it too.',
    ),
  ipFamilyPolicy: z
    .enum(['SingleStack', 'PreferDualStack', 'RequireDualStack'])
    .optional()
    .meta({
      description:
        'Whether the Service has both IP families: `PreferDualStack` if the cluster has both (then name at most the ' +
        'first one in `ipFamilies`), `RequireDualStack` always.',
      derived: '`SingleStack` with one of `ipFamilies`, `RequireDualStack` with two, otherwise chosen by the cluster',
    }),
  sourceRanges: z
    .array(addressBlock())
    .default([])
    .describe('Address blocks that the load balancer admits. If empty, all addresses.'),
  externalTrafficPolicy: z
    .enum(['Cluster', 'Local'])
    .optional()
    .describe(
      '`Local` preserves the address of the client and uses only pods on the node that receives the connection. ' +
        'If unset, Kubernetes uses `Cluster`.',
    ),
  externalIPs: z
    .array(address())
    .default([])
    .describe(
      'Addresses at which nodes accept connections for the Service, with `port`, for routers that send them there. ' +
        'MLflow accepts them as hosts and origins.',
    ),
  sessionAffinity: z
    .enum(['None', 'ClientIP'])
    .optional()
    .describe(
      'Whether connections of a client go to the same pod. MLflow does not need it. If unset, Kubernetes uses `None`.',
    ),
  tls: section({
    secret: objectName()
      .optional()
      .meta({
        description:
          'Secret of type kubernetes.io/tls in the namespace with the certificate (`tls.crt`, `tls.key`). With `issuer`, ' +
          'cert-manager creates it.',
        derived: '`NAME-tls` with `issuer`',
      }),
    ...issuerFields(),
    ca: caCertificate()
      .optional()
      .meta({
        description:
          'CA certificate by which clients and scrapers in the namespace verify the server. An issuer whose CA is private ' +
          'adds it to the Secret.',
        derived: '`ca.crt` of `secret`',
      }),
  })
    .optional()
    .describe(
      'TLS in the pods: the server and its metrics speak HTTPS alone, and use a renewed certificate without a restart. ' +
        'If unset, they speak HTTP.',
    ),
  labels: labels()
    .default({})
    .describe(
      'Labels of the Service, which load balancers and operators select by. Its `app.kubernetes.io/` labels stay.',
    ),
  annotations: annotations().default({}).describe('Annotations of the Service, for example for a load balancer.'),
}).describe('How clients reach the server.');
