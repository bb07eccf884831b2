import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { NetworkPolicyPeer } from '../../lib/kubernetes/objects';
import { SMALLEST } from '../support/support';

type Input = Omit<EnvironmentInput, 'database' | 'artifacts'>;
type Row = readonly [input: Input, expected: unknown];

const HOST = 'mlflow.example.com';
const ingress = (more: object = {}): Input => ({ ingress: { host: HOST, controller: 'traefik', ...more } });
const gateway = (more: object = {}): Input => ({
  gateway: { host: HOST, controller: 'envoy-gateway', parentRefs: [{ name: 'web' }], ...more },
});
const route: Input = { route: { host: HOST } };
const from = { namespace: 'edge' };

const ns = (peers: readonly NetworkPolicyPeer[] = []) =>
  peers.map(({ namespaceSelector }) => Object.values(namespaceSelector?.matchLabels ?? {})[0]);
const pods = (peers: readonly NetworkPolicyPeer[] = []) => peers.map(({ podSelector }) => podSelector?.matchLabels);
const blocks = (peers: readonly NetworkPolicyPeer[] = []) => peers.map(({ ipBlock }) => ipBlock?.cidr);

/** What the defaults of the sections follow from that lead to the server from outside, by key. */
const ROWS: Readonly<Record<string, readonly [actual: (environment: ResolvedEnvironment) => unknown, ...Row[]]>> = {
  'server.staticPrefix': [
    ({ server }) => server.staticPrefix,
    [{}, undefined],
    [ingress({ path: '/mlflow' }), '/mlflow'],
    [gateway({ path: '/a/b' }), '/a/b'],
    [{ route: { host: HOST, path: '/' } }, undefined],
  ],
  'ingress.path': [
    (environment) => environment.ingress?.path,
    [ingress(), '/'],
    [{ ...ingress(), server: { staticPrefix: '/mlflow' } }, '/mlflow'],
    [{ ...ingress(), ...gateway({ path: '/mlflow' }) }, '/mlflow'],
  ],
  'gateway.path': [
    (environment) => environment.gateway?.path,
    [gateway(), '/'],
    [{ ...gateway(), server: { staticPrefix: '/mlflow' } }, '/mlflow'],
  ],
  'route.path': [
    (environment) => environment.route?.path,
    [route, '/'],
    [{ ...route, server: { staticPrefix: '/mlflow' } }, '/mlflow'],
  ],
  'ingress.className': [
    (environment) => environment.ingress?.className,
    [ingress(), 'traefik'],
    [ingress({ controller: 'ingress-nginx' }), 'nginx'],
    [ingress({ controller: 'other', from }), undefined],
    [ingress({ annotations: { 'kubernetes.io/ingress.class': 'inner' } }), undefined],
  ],
  'ingress.tls.secret': [
    (environment) => environment.ingress?.tls?.secret,
    [ingress({ tls: { issuer: 'letsencrypt' } }), 'tracking-ingress-tls'],
    [ingress({ tls: { atBalancer: true } }), undefined],
  ],
  'ingress.from.namespace': [
    (environment) => ns(environment.ingress?.from),
    [ingress(), ['traefik']],
    [ingress({ from: { labels: { app: 'x' } } }), ['traefik']],
    [ingress({ from: { cidrs: ['192.0.2.7/32'] } }), [undefined]],
    [ingress({ from: { cidrs: [] } }), ['traefik']],
    [ingress({ from: { cidrs: ['192.0.2.7/32'], labels: { app: 'x' } } }), ['traefik', undefined]],
  ],
  'ingress.from.labels': [
    (environment) => pods(environment.ingress?.from),
    [ingress({ from: { namespace: 'kube-system' } }), [{ 'app.kubernetes.io/name': 'traefik' }]],
    [ingress({ controller: 'other', from }), [undefined]],
  ],
  'ingress.from.cidrs': [
    (environment) => blocks(environment.ingress?.from),
    [ingress({ controller: 'gce' }), ['130.211.0.0/22', '35.191.0.0/16']],
  ],
  'gateway.from.namespace': [
    (environment) => ns(environment.gateway?.from),
    [gateway(), ['envoy-gateway-system']],
    [gateway({ controller: 'istio' }), ['mlflow']],
    [gateway({ controller: 'istio', parentRefs: [{ name: 'web', namespace: 'infra' }] }), ['infra']],
  ],
  'gateway.from.labels': [
    (environment) => pods(environment.gateway?.from),
    [gateway({ controller: 'istio' }), [{ 'gateway.networking.k8s.io/gateway-name': 'web' }]],
  ],
  'gateway.from.cidrs': [
    (environment) => blocks(environment.gateway?.from),
    [gateway({ controller: 'gke' }), ['130.211.0.0/22', '35.191.0.0/16']],
  ],
  'gateway.parentRefs[].namespace': [
    (environment) => environment.gateway?.parentRefs[0]?.namespace,
    [gateway(), 'mlflow'],
    [{ ...gateway(), namespace: { name: 'ml' } }, 'ml'],
  ],
  'route.from.namespace': [
    (environment) => environment.route?.from.map(({ namespaceSelector }) => namespaceSelector?.matchLabels),
    [
      route,
      [{ 'policy-group.network.openshift.io/ingress': '' }, { 'policy-group.network.openshift.io/host-network': '' }],
    ],
    [{ route: { host: HOST, from } }, [{ 'kubernetes.io/metadata.name': 'edge' }]],
  ],
  'route.from.labels': [
    (environment) => environment.route?.from.map(({ podSelector }) => podSelector),
    [route, [{}, {}]],
    [
      { route: { host: HOST, from: { labels: { app: 'x' } } } },
      [{ matchLabels: { app: 'x' } }, { matchLabels: { app: 'x' } }],
    ],
  ],
  'route.from.cidrs': [(environment) => blocks(environment.route?.from), [route, [undefined, undefined]]],
};

/** The same as cases. */
export const EDGE_DEFAULTS = Object.fromEntries(
  Object.entries(ROWS).map(([key, [actual, ...rows]]) => [
    key,
    rows.map(([input, expected]) => ({ input: { ...SMALLEST, name: 'tracking', ...input }, actual, expected })),
  ]),
);
