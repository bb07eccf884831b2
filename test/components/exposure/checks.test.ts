import type { EnvironmentInput } from '../../../lib/environment/model';
import { gateway, ingress, linesOf, TLS } from './reported';
import { HOST } from './sections';

test.each<readonly [string, EnvironmentInput, RegExp]>([
  ['a wrong name', ingress({ host: '192.168.1.201' }), /^ingress\.host .*must be a host name/],
  ...(
    [
      ['münchen.example.com', 'xn--mnchen-3ya.example.com'],
      ['MLflow.Example.com', 'mlflow.example.com'],
      ['mlflow.example.com.', 'mlflow.example.com'],
      ['mlflow.example.com:8443', 'mlflow.example.com'],
      ['https://mlflow.example.com/mlflow', 'mlflow.example.com'],
    ] as const
  ).map(
    ([host, name]) =>
      [
        `the name ${host}`,
        gateway({ host }),
        new RegExp(`^gateway.host .*must be the name alone, as browsers send it: ${name}\\)$`),
      ] as const,
  ),
  ...['fd00::1', '1.2.3', '0x7f.1', '2130706433', 'ml_flow.example.com', '-a.example.com'].map(
    (host) => [`${host}, which is no name`, gateway({ host }), /^gateway\.host .*must be a host name such as/] as const,
  ),
  [
    'a pattern of names',
    ingress({ additionalHosts: ['*.example.com'] }),
    /^ingress\.additionalHosts\[0\] .*write each/,
  ],
  ['a name with a long word', ingress({ host: `${'a'.repeat(64)}.example.com` }), /^ingress\.host .*at most 63 char/],
  ['a URL as a name', ingress({ host: 'https://mlflow.example.com' }), /^ingress\.host /],
  [
    'a name twice',
    ingress({ additionalHosts: [HOST] }),
    /^ingress\.additionalHosts\[0\] is mlflow.example.com, which is ingress\.host \(remove it\)/,
  ],
  [
    'a name twice at a Gateway',
    gateway({ additionalHosts: ['a.example.com', 'a.example.com'] }),
    /^gateway\.additionalHosts\[1\] /,
  ],
  ['no controller', { ingress: { host: HOST } } as never, /^ingress\.controller is missing \(use traefik, haproxy/],
  ['an unknown controller', ingress({ controller: 'nginx' }), /^ingress\.controller /],
  ['a path with a slash at its end', ingress({ path: '/mlflow/' }), /^ingress\.path .*without \/ at its end/],
  [
    'another path than the server',
    { ...ingress({ path: '/a' }), server: { staticPrefix: '/b' } },
    /^ingress\.path is \/a, but server.staticPrefix is \/b/,
  ],
  [
    'the root beside a prefix',
    { ...gateway({ path: '/' }), server: { staticPrefix: '/b' } },
    /^gateway\.path is \/, but server.staticPrefix is \/b/,
  ],
  [
    'two paths',
    { ...ingress({ path: '/a' }), ...gateway({ path: '/b' }) },
    /^gateway\.path is \/b, but ingress.path is \/a/,
  ],
  [
    'no source of another controller',
    ingress({ controller: 'other', ...TLS }),
    /^ingress\.from names no source of the connections of the controller/,
  ],
  [
    'no source of a load balancer',
    ingress({ controller: 'aws-alb', tls: { atBalancer: true } }),
    /^ingress\.from names no source .* subnets/,
  ],
  [
    'labels of pods in no namespace',
    ingress({ controller: 'gce', from: { labels: { app: 'proxy' } }, ...TLS }),
    /^ingress\.from\.labels are those of pods whose namespace is not known, .*set ingress\.from\.namespace/,
  ],
  [
    'labels of pods in no namespace at another controller',
    gateway({ controller: 'other', from: { labels: { app: 'proxy' } } }),
    /^gateway\.from\.labels are those of pods whose namespace is not known/,
  ],
  ...(['ingress', 'gateway', 'route'] as const).flatMap((key) => {
    const of = (cidrs: string[]): EnvironmentInput =>
      ({
        ingress: ingress({ ...TLS, from: { cidrs } }),
        gateway: gateway({ from: { cidrs } }),
        route: { route: { host: HOST, from: { cidrs } } },
      })[key];
    return [
      [
        `${key} for the whole internet`,
        of(['10.0.0.0/8', '0.0.0.0/0']),
        new RegExp(`^${key}.from.cidrs.1. is 0.0.0.0/0`),
      ],
      [`${key} for IPv6 as a whole`, of(['::/0']), new RegExp(`^${key}.from.cidrs.0. is ::/0`)],
      [
        `${key} for two halves of the internet`,
        of(Array.from({ length: 4 }, (_, index) => `${64 * index + 16}.0.0.0/8`)),
        new RegExp(`^${key}.from.cidrs admit more public addresses together`),
      ],
    ] as const;
  }),
  [
    'a Gateway whose listener is not named',
    gateway({ parentRefs: [{ name: 'web', sectionName: 'https' }, { name: 'lan' }] }),
    /^gateway\.parentRefs\[1\] is every listener of Gateway lan, .*set sectionName/,
  ],
  ['no source of another Gateway', gateway({ controller: 'other' }), /^gateway\.from names no source/],
  ['TLS without a certificate', ingress({ tls: {} }), /^ingress\.tls names no certificate/],
  [
    'a certificate twice',
    ingress({ tls: { secret: 'a', atBalancer: true } }),
    /^ingress\.tls names a certificate, but it is at the balancer/,
  ],
  [
    'a Secret for a load balancer',
    ingress({ controller: 'aws-alb', from: { cidrs: ['10.0.0.0/16'] }, ...TLS }),
    /^ingress\.tls must be at the balancer/,
  ],
  [
    'a class twice',
    ingress({ className: 'a', annotations: { 'kubernetes.io/ingress.class': 'b' }, ...TLS }),
    /^ingress\.className is also set by the annotation/,
  ],
  [
    'an issuer twice',
    ingress({ tls: { issuer: 'a' }, annotations: { 'cert-manager.io/issuer': 'b' } }),
    /^ingress\.tls\.issuer is also set by the annotation cert-manager.io\/issuer, and cert-manager refuses two/,
  ],
  [
    'a Secret of a Route without TLS',
    { route: { host: HOST, tls: { enabled: false, secret: 'a' } } },
    /^route\.tls\.secret is set, but TLS is off/,
  ],
  [
    'a CA under a key that no Gateway reads',
    { ...gateway({}), service: { tls: { issuer: 'a', ca: { configMap: 'a', key: 'root.pem' } } } },
    /^service\.tls\.ca\.key is root\.pem, but a Gateway reads the key ca\.crt/,
  ],
  [
    'pods whose certificate Traefik does not know',
    { ...ingress(TLS), service: { tls: { issuer: 'a' } } },
    /^service\.tls has a certificate that Traefik verifies, but no ServersTransport/,
  ],
  [
    'a Route without the DNS of OpenShift',
    { route: { host: HOST }, networkPolicy: { dns: [{ namespace: 'kube-system' }] } },
    /^networkPolicy\.dns does not contain the DNS of OpenShift, .*openshift-dns with port: 5353/,
  ],
  [
    'pods whose certificate no router of OpenShift knows',
    { route: { host: HOST }, service: { tls: { issuer: 'a' } } },
    /^service\.tls has a certificate that routers of OpenShift do not trust/,
  ],
  [
    'people who come back to another host',
    {
      ...ingress(TLS),
      auth: {
        oidc: {
          issuer: 'https://sso.example.com',
          clientId: 'a',
          emailDomains: ['example.com'],
          redirectUrl: 'https://other.example.com/oauth2/callback',
        },
      },
    },
    new RegExp(`^auth\\.oidc\\.redirectUrl is at another host than ${HOST}, at which people then cannot log in`),
  ],
  ['a wrong duration', gateway({ timeout: '1 hour' }), /^gateway\.timeout /],
  [
    'a Gateway twice',
    gateway({ parentRefs: [{ name: 'web' }, { name: 'web', namespace: 'mlflow', sectionName: 'https' }] }),
    /^gateway\.parentRefs\[1\] names Gateway mlflow\/web again/,
  ],
  ['no Gateway', gateway({ parentRefs: [] }), /^gateway\.parentRefs /],
  [
    'a path that needs no login',
    {
      ...ingress({ path: '/static-ui', ...TLS }),
      image: { tag: 'v3.11.1', repository: 'registry.example.com/mlflow' },
    },
    /^ingress\.path is \/static-ui, which begins like a path that needs no login/,
  ],
  [
    'a balancer that cannot tell whether a pod is well',
    {
      ...ingress({ controller: 'gce', path: '/mlflow', ...TLS }),
      image: { tag: 'v3.11.1', repository: 'registry.example.com/mlflow' },
    },
    /^ingress\.path is \/mlflow, below which MLflow 3.11.1 asks for a login on every page.*MLflow 3\.\d+\.\d+ or newer/,
  ],
  [
    'a Gateway of Google that cannot tell whether a pod is well',
    {
      ...gateway({ controller: 'gke' }),
      server: { staticPrefix: '/mlflow' },
      image: { tag: 'v3.11.1', repository: 'registry.example.com/mlflow' },
    },
    /^server\.staticPrefix is \/mlflow, below which MLflow 3.11.1 asks for a login on every page/,
  ],
  [
    'no login',
    { ...ingress(TLS), auth: { enabled: false } },
    /^ingress\.host is mlflow.example.com, but authentication is off/,
  ],
  [
    'logins without TLS',
    ingress(),
    /^ingress\.host is mlflow.example.com without TLS, so logins are sent in plain text/,
  ],
  ['logins without TLS at a Gateway', gateway({ scheme: 'http' }), /^gateway\.host .*set gateway.scheme: https/],
  [
    'logins without TLS on OpenShift',
    { route: { host: HOST, tls: { enabled: false } } },
    /^route\.host .*set route.tls/,
  ],
])('%s is reported, alone', (_, input, line) => {
  expect(linesOf(input).filter((each) => !each.includes('known vulnerabilities'))).toEqual([
    expect.stringMatching(line),
  ]);
});
