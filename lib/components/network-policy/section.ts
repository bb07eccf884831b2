import { isIP } from 'node:net';
import { z } from 'zod';
import { labels, namespaceName, port } from '../../kubernetes/fields';
import { addressBlock, isHost, section } from '../shared/sections/fields';

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

/** The name of a host, to be compared with what settings name. */
const outsideHost = () =>
  z.string().refine((name) => isHost(name) && !isIP(name), 'must be a host name such as db.example.com');

/** A DNS server of the cluster. */
const dnsServer = section({
  namespace: namespaceName().optional().describe('Namespace of its pods. Set this or `cidr`.'),
  cidr: addressBlock()
    .optional()
    .describe('Address block of it, for a DNS outside the pod network. Set this or `namespace`.'),
  port: port().default(53).describe('Port of its pods, for UDP and TCP. It may differ from that of its Service.'),
}).describe('A DNS server of the cluster.');

/** DNS in most clusters, and where the node-local cache listens. */
const USUAL_DNS = [{ namespace: 'kube-system' }, { cidr: '169.254.20.10/32' }];

/** Which connections are allowed. */
export const networkPolicy = section({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether to allow only the connections that the environment needs: ingress from clients, and egress to DNS, the ' +
        'database, S3, and what `server.options` and URLs in variables of the server pods name. An IP address is itself. A Service ' +
        '(`NAME`, `NAME.NAMESPACE.svc`) is all pods of its namespace on any TCP port, because a policy sees the ports of ' +
        'pods, which may differ from those of their Service: `egress` narrows them. For any other host name, its port is ' +
        'open to all addresses except those of metadata services of clouds; `addresses` narrows it. `NAME.NAMESPACE` is both, unless it ends ' +
        'like a domain (`example.com`).',
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
  egress: z
    .array(egressRule)
    .default([])
    .describe(
      'What the server, garbage collection, smoke test, backup, restore and verification may connect to besides what the environment ' +
        'names. Ports of a namespace also narrow what it ' +
        'names there: with `{ namespace: minio, ports: [9000] }`, a Service in `minio` is its pods on port 9000 and on ' +
        "the Service's own port.",
    ),
  addresses: z
    .record(outsideHost(), z.array(addressBlock()).min(1, 'list its blocks, or remove the host'))
    .default({})
    .describe(
      'Address blocks of hosts outside the cluster, by host: `{ db.example.com: [10.20.0.0/16] }`. Every pod that connects ' +
        'to the host may then connect to these addresses alone on its port, instead of to any. For S3 on AWS the host is ' +
        '`s3.REGION.amazonaws.com` (`s3.amazonaws.com` in `us-east-1`), without the name of the bucket.',
    ),
  dns: z
    .array(dnsServer)
    .min(1)
    .prefault(USUAL_DNS)
    .describe(
      'DNS servers of the cluster, which all pods of the instance may connect to. On OpenShift: ' +
        "`[{ namespace: openshift-dns, port: 5353 }]`. The default is most clusters' DNS in `kube-system`, and the address " +
        'of NodeLocal DNSCache.',
    ),
}).describe('Which connections are allowed.');
