import type { GatewayInput, IngressInput, RouteInput } from '../../lib/environment/generated/input';
import type { Every } from './every-key';

const FROM = { namespace: 'edge', labels: { app: 'proxy' }, cidrs: ['192.168.1.85/32'] };

/** Every key of the sections that lead to the server from outside, set to something that is no default. */
export const EDGES: {
  readonly ingress: Every<IngressInput>;
  readonly gateway: Every<GatewayInput>;
  readonly route: Every<RouteInput>;
} = {
  ingress: {
    host: 'ml.example.com',
    additionalHosts: ['ml2.example.com'],
    path: '/mlflow',
    controller: 'haproxy',
    className: 'outer',
    port: 8443,
    tls: { secret: 'outer-tls', issuer: 'letsencrypt', issuerKind: 'Issuer', atBalancer: false },
    from: FROM,
    annotations: { 'haproxy.org/timeout-server': '2h' },
  },
  gateway: {
    host: 'gw.example.com',
    additionalHosts: ['gw2.example.com'],
    path: '/mlflow',
    parentRefs: [{ name: 'web', namespace: 'edge', sectionName: 'https', port: 443 }],
    controller: 'istio',
    scheme: 'http',
    port: 8080,
    timeout: '2h',
    from: FROM,
    annotations: { 'example.com/note': 'route' },
  },
  route: {
    host: 'ml.apps.example.com',
    path: '/mlflow',
    tls: { enabled: true, secret: 'route-tls' },
    port: 8443,
    from: FROM,
    annotations: { 'haproxy.router.openshift.io/timeout': '2h' },
  },
};
