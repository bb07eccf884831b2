import { GATEWAY_CONTROLLER_NAMES } from '../../lib/components/gateway/controllers';
import { CONTROLLER_NAMES } from '../../lib/components/ingress/controllers';
import type { EnvironmentInput } from '../../lib/environment/model';

const HOST = 'mlflow.example.com';
const FROM = { namespace: 'edge', labels: { app: 'proxy' }, cidrs: ['10.0.0.0/16'] };
const rows = <Name extends string>(names: readonly Name[], row: (name: Name) => EnvironmentInput) =>
  Object.fromEntries(names.map((name) => [name, row(name)]));

/** Rows of the matrix for what leads to the server from outside the cluster. */
export const EDGE_ROWS: Readonly<Record<string, EnvironmentInput>> = {
  ...Object.fromEntries(
    Object.entries(
      rows(CONTROLLER_NAMES, (controller) => ({
        ingress: {
          host: HOST,
          controller,
          tls: controller === 'aws-alb' ? { atBalancer: true } : { issuer: 'letsencrypt', issuerKind: 'ClusterIssuer' },
          from: ['other', 'aws-alb'].includes(controller) ? FROM : {},
        },
      })),
    ).map(([name, row]) => [`ingress-${name}`, row]),
  ),
  ...Object.fromEntries(
    Object.entries(
      rows(GATEWAY_CONTROLLER_NAMES, (controller) => ({
        gateway: {
          host: HOST,
          controller,
          parentRefs: [{ name: 'web', namespace: 'infra' }],
          from: controller === 'other' ? FROM : {},
        },
      })),
    ).map(([name, row]) => [`gateway-${name}`, row]),
  ),
  'ingress-with-all-keys': {
    ingress: {
      host: HOST,
      additionalHosts: ['ml.example.com'],
      path: '/mlflow',
      controller: 'ingress-nginx',
      className: 'outer',
      port: 8443,
      tls: { secret: 'outer-tls', issuer: 'letsencrypt', issuerKind: 'Issuer' },
      from: FROM,
      annotations: { 'nginx.ingress.kubernetes.io/limit-rps': '50' },
    },
  },
  'gateway-with-all-keys': {
    image: { tag: '3.1.0' },
    gateway: {
      host: HOST,
      additionalHosts: ['ml.example.com'],
      path: '/mlflow',
      controller: 'traefik',
      parentRefs: [{ name: 'web', namespace: 'infra', sectionName: 'http', port: 8080 }],
      scheme: 'http',
      port: 8080,
      timeout: '2h',
      from: FROM,
      annotations: { note: 'route' },
    },
    allow: ['plain-connections'],
  },
  'gateway-with-tls': {
    gateway: { host: HOST, controller: 'traefik', parentRefs: [{ name: 'web' }], scheme: 'https' },
  },
  ...Object.fromEntries(
    CONTROLLER_NAMES.filter((name) => name !== 'other').map((controller) => [
      `ingress-${controller}-to-tls`,
      {
        ingress: {
          host: HOST,
          controller,
          tls: controller === 'aws-alb' ? { atBalancer: true } : { secret: 'outer-tls' },
          from: controller === 'aws-alb' ? FROM : {},
        },
        service: { tls: { issuer: 'internal' } },
      },
    ]),
  ),
  'gateway-to-tls': {
    gateway: { host: HOST, controller: 'traefik', parentRefs: [{ name: 'web' }] },
    service: { tls: { issuer: 'internal', issuerKind: 'ClusterIssuer' } },
  },
  'gateway-to-tls-of-another-ca': {
    gateway: { host: HOST, controller: 'istio', parentRefs: [{ name: 'web' }] },
    service: { tls: { secret: 'server-tls', ca: { configMap: 'internal-ca', key: 'ca.crt' } } },
  },
  'route-to-tls': { route: { host: HOST }, service: { tls: { secret: 'serving-cert' } } },
  'tls-of-an-issuer': {
    service: {
      type: 'LoadBalancer',
      loadBalancerIP: '192.168.1.201',
      tls: { secret: 'server-tls', issuer: 'internal', issuerKind: 'Issuer' },
    },
    monitoring: { metrics: {}, serviceMonitor: {} },
    garbageCollection: {},
  },
  'tls-of-a-secret': {
    service: { tls: { secret: 'server-tls', ca: { secret: 'internal-ca', key: 'root.pem' } } },
    monitoring: { metrics: {}, serviceMonitor: {} },
  },
  route: { route: { host: HOST } },
  'route-with-all-keys': {
    route: {
      host: HOST,
      path: '/mlflow',
      port: 8443,
      tls: { enabled: true, secret: 'route-tls' },
      from: FROM,
      annotations: { 'haproxy.router.openshift.io/timeout': '2h' },
    },
  },
};
