import type { EnvironmentInput } from '../../../lib/environment/model';
import { gateway, ingress, linesOf, TLS } from './reported';
import { HOST } from './sections';

test.each<readonly [string, EnvironmentInput]>([
  ['an Ingress with TLS', ingress(TLS)],
  [
    'a load balancer with its subnets',
    ingress({ controller: 'aws-alb', tls: { atBalancer: true }, from: { cidrs: ['10.0.0.0/16'] } }),
  ],
  [
    'another controller without a policy',
    { ...ingress({ controller: 'other', ...TLS }), networkPolicy: { enabled: false } },
  ],
  [
    'the same path everywhere',
    { ...ingress({ path: '/a', ...TLS }), ...gateway({ path: '/a' }), server: { staticPrefix: '/a' } },
  ],
  ['a Route', { route: { host: HOST } }],
  ['a name in Punycode', { route: { host: 'xn--mnchen-3ya.example.com' } }],
  ['a name of one word', { route: { host: 'mlflow' } }],
  ['a balancer that can tell', ingress({ controller: 'gce', path: '/mlflow', ...TLS })],
  ['a listener by its port', gateway({ parentRefs: [{ name: 'web', port: 443 }] })],
  ['labels of pods in the usual namespace', ingress({ from: { labels: { app: 'proxy' } }, ...TLS })],
  [
    'pods whose certificate Traefik is told of',
    {
      ...ingress(TLS),
      service: {
        tls: { issuer: 'a' },
        annotations: { 'traefik.ingress.kubernetes.io/service.serverstransport': 'mlflow-pods@kubernetescrd' },
      },
    },
  ],
  [
    'pods whose certificate a patch names',
    {
      route: { host: HOST },
      service: { tls: { issuer: 'a' } },
      patches: [
        {
          kind: 'Route',
          name: 'mlflow',
          operations: [{ op: 'add', path: '/spec/tls/destinationCACertificate', value: '-----BEGIN CERTIFICATE-----' }],
        },
      ],
    },
  ],
  [
    'labels of pods beside blocks, in the namespaces of routers',
    { route: { host: HOST, from: { labels: { app: 'a' }, cidrs: ['10.0.0.0/24'] } } },
  ],
])('%s is fine', (_, input) => {
  expect(linesOf(input)).toEqual([]);
});
