import type { EnvironmentInput } from '../../lib/environment/model';

/** Rows for how clients reach the server, and for what the network policy admits. */

export const CONNECTIONS: Readonly<Record<string, EnvironmentInput>> = {
  // The Service.
  'cluster-ip': {
    service: {
      type: 'ClusterIP',
      port: 80,
      sessionAffinity: 'None',
      annotations: { 'example.com/note': 'yes: "no" # 0x1F' },
    },
  },
  'node-port': { service: { type: 'NodePort', nodePort: 30800, nodeAddresses: ['192.168.1.85', 'fd00::85'] } },
  'load-balancer': { service: { type: 'LoadBalancer' } },
  'load-balancer-address': { service: { type: 'LoadBalancer', nodePort: 30801, loadBalancerIP: '192.168.1.201' } },
  'ipv6-alone': { service: { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' } },
  'both-families': { service: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' } },
  'families-as-there-are': { service: { ipFamilyPolicy: 'PreferDualStack' } },
  'load-balancer-ranges': { service: { type: 'LoadBalancer', sourceRanges: ['192.168.1.0/24', 'fd00::/8'] } },

  'external-ips': {
    service: {
      externalIPs: ['203.0.113.9'],
      externalTrafficPolicy: 'Local',
      sessionAffinity: 'ClientIP',
      labels: { exposed: 'yes' },
    },
  },

  // The network policy.
  'policy-off': { networkPolicy: { enabled: false } },
  'policy-clients': {
    networkPolicy: {
      enabled: true,
      clients: {
        namespaces: ['jupyterhub', 'argo'],
        pods: [
          { namespace: 'jupyterhub', labels: { component: 'singleuser-server' } },
          { labels: { role: 'trainer', level: '1' } },
        ],
        cidrs: ['192.168.1.0/24', '2001:db8::/32'],
      },
    },
  },
  'policy-egress': {
    networkPolicy: {
      egress: [{ namespace: 'minio', ports: [9000] }, { cidr: '10.0.0.0/8' }, { cidr: 'fd00::/8', ports: [443, 8443] }],
    },
  },

  'policy-addresses': {
    database: { host: 'mlflow.abc.eu-central-1.rds.amazonaws.com' },
    artifacts: { s3: { region: 'eu-central-1', endpoint: undefined } },
    networkPolicy: {
      addresses: {
        'mlflow.abc.eu-central-1.rds.amazonaws.com': ['10.20.0.0/16', 'fd00:20::/64'],
        's3.eu-central-1.amazonaws.com': ['10.30.0.0/28'],
      },
    },
  },

  'policy-dns': {
    networkPolicy: {
      dns: [{ namespace: 'openshift-dns', port: 5353 }, { cidr: '10.43.0.10/32' }, { cidr: 'fd00::a/128' }],
    },
  },
  'policy-of-services': {
    clusterDomain: 'k8s.example.com',
    artifacts: { s3: { endpoint: 'http://rook-ceph-rgw-store.rook-ceph.svc' } },
    server: { env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector.observability.svc:4318' } },
    networkPolicy: { egress: [{ namespace: 'rook-ceph', ports: [8080] }] },
  },
};
