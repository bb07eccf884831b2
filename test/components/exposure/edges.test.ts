import { GATEWAY_CONTROLLER_NAMES } from '../../../lib/components/gateway/controllers';
import { CONTROLLER_NAMES } from '../../../lib/components/ingress/controllers';
import { acceptedOrigins, allowedHosts, corsAllowedOrigins, outerUris } from '../../../lib/components/service/accepted';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { RELEASES } from '../../arbitraries/shared/releases';
import { letsIn } from '../../support/browser';
import { all, objectsOf, one, PROGRAMS, playing, resolved, SMALLEST } from '../../support/support';

/** What leads to the server from outside the cluster, and all that follows from it. */

const HOST = 'mlflow.example.com';
const FROM = { namespace: 'edge', labels: { app: 'proxy' } };

/** Each section as a user writes it. */
const SECTIONS = {
  ingress: (tls: boolean, more: object): EnvironmentInput => ({
    ingress: {
      host: HOST,
      controller: 'traefik',
      ...(tls ? { tls: { issuer: 'letsencrypt' } } : {}),
      from: FROM,
      ...more,
    },
  }),
  gateway: (tls: boolean, more: object): EnvironmentInput => ({
    gateway: {
      host: HOST,
      controller: 'traefik',
      parentRefs: [{ name: 'web' }],
      scheme: tls ? 'https' : 'http',
      from: FROM,
      ...more,
    },
  }),
  route: (tls: boolean, more: object): EnvironmentInput => ({
    route: { host: HOST, tls: { enabled: tls }, from: FROM, ...more },
  }),
} as const;
const KEYS = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];

const given = (key: keyof typeof SECTIONS, tls = true, more: object = {}, version = '3.18.0'): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'registry.example.com/mlflow', tag: version },
  ...SECTIONS[key](tls, more),
});

describe.each(KEYS)('%s', (key) => {
  test.each(RELEASES)('with MLflow %s, hosts and origins are those of clients, and no others', (version) => {
    for (const tls of [true, false]) {
      for (const port of [undefined, 8443]) {
        const environment = resolved(given(key, tls, { port }, version));
        const scheme = tls ? 'https' : 'http';
        const outer = port === undefined ? HOST : `${HOST}:${port}`;
        const hosts = allowedHosts(environment);
        expect(
          [HOST, `${HOST}:${port ?? 443}`, `evil.${HOST}`, `${HOST}.evil.example`].map((each) => letsIn(hosts, each)),
        ).toEqual([true, true, false, false]);
        expect(corsAllowedOrigins(environment)).toEqual([`${scheme}://${outer}`]);
        expect(acceptedOrigins(environment)[0]?.reason).toBe(`${key}.host`);
      }
    }
  });

  test('the path is that of the object, the server, its probes and its clients', () => {
    const environment = resolved(given(key, true, { path: '/tools/mlflow' }));
    const objects = objectsOf(given(key, true, { path: '/tools/mlflow' }), PROGRAMS);
    const object = objects.find(({ kind }) => ['Ingress', 'HTTPRoute', 'Route'].includes(kind));
    expect(JSON.stringify(object)).toContain('"/tools/mlflow"');
    const container = one(playing(objects, 'server'), 'Deployment').spec?.template?.spec?.containers?.[0];
    expect(container?.command).toContain('--static-prefix=/tools/mlflow');
    expect(container?.readinessProbe?.httpGet?.path).toBe('/tools/mlflow/health');
    expect(outerUris(environment)).toEqual([
      { page: `https://${HOST}/tools/mlflow/`, uri: `https://${HOST}/tools/mlflow`, reason: `${key}.host` },
    ]);
  });

  test('the URI of clients has the prefix only where the API has it', () => {
    const [outer] = outerUris(resolved(given(key, true, { path: '/mlflow' }, '3.11.1')));
    expect(outer).toMatchObject({ page: `https://${HOST}/mlflow/`, uri: `https://${HOST}` });
  });

  test.each(RELEASES)('with MLflow %s, every path of programs leads to the server, and no other', (version) => {
    const release = resolved(given(key, true, {}, version)).release;
    const programs = [
      ...(release.can('prefixedApi') ? [] : ['/api']),
      ...(release.can('prefixedSpans') ? [] : ['/v1/traces']),
    ];
    const paths = (path?: string) =>
      objectsOf(given(key, true, path ? { path } : {}, version), PROGRAMS)
        .filter(({ kind }) => ['Ingress', 'HTTPRoute', 'Route'].includes(kind))
        .flatMap(({ spec }) =>
          [...JSON.stringify(spec).matchAll(/"(?:path|value)":"([^"]+)"/g)].map(([, each]) => each),
        );
    expect(paths('/mlflow')).toEqual(['/mlflow', ...programs]);
    expect(paths()).toEqual(['/']);
  });

  test('the policy lets in its proxy, beside the namespace', () => {
    const policy = one(playing(objectsOf(given(key), PROGRAMS), 'server'), 'NetworkPolicy');
    expect(policy.spec?.ingress?.[0]?.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'mlflow' } } },
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } },
        podSelector: { matchLabels: { app: 'proxy' } },
      },
    ]);
  });

  test('the Service stays inside the cluster', () => {
    expect(one(objectsOf(given(key), PROGRAMS), 'Service').spec?.type).toBe('ClusterIP');
  });
});

const ingressOf = (more: object, version?: string) =>
  one(objectsOf(given('ingress', false, more, version), PROGRAMS), 'Ingress');

describe('an Ingress', () => {
  test.each(CONTROLLER_NAMES)('for %s has no setting that limits the size of a body', (controller) => {
    const tls = controller === 'aws-alb' ? { atBalancer: true } : { secret: 'outer-tls' };
    const { metadata, spec } = ingressOf({ controller, tls });
    expect(spec?.tls).toEqual(controller === 'aws-alb' ? undefined : [{ hosts: [HOST], secretName: 'outer-tls' }]);
    const annotations = Object.entries(metadata?.annotations ?? {});
    for (const [name, value] of annotations.filter(([each]) => /body-size|max-body/.test(each)))
      expect([name, value]).toEqual([name, '0']);
    for (const [, value] of annotations.filter(([each]) => /timeout/.test(each)))
      expect(Number.parseInt(value.replace(/^\D*/, ''), 10)).toBeGreaterThanOrEqual(3600);
  });

  test('for Traefik is at the entry point of its scheme', () => {
    const at = (more: object) => ingressOf(more).metadata?.annotations;
    expect(at({})).toEqual({ 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' });
    expect(at({ tls: { secret: 'outer-tls' } })).toEqual({
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
    });
  });

  test.each([undefined, 443, 8443])('for HAProxy with TLS redirects to the port that clients name: %s', (port) => {
    const more = { controller: 'haproxy', tls: { secret: 'outer-tls' }, port };
    expect(ingressOf(more).metadata?.annotations).toMatchObject({
      'haproxy.org/ssl-redirect': 'true',
      'haproxy.org/ssl-redirect-port': String(port ?? 443),
    });
    expect(ingressOf({ controller: 'haproxy' }).metadata?.annotations?.['haproxy.org/ssl-redirect']).toBe('false');
  });

  test.each([
    [{ secret: 'outer-tls' }, undefined],
    [{ issuer: 'ours' }, undefined],
    [{ atBalancer: true }, 'true'],
    [undefined, undefined],
  ])('for ingress-nginx with %j asks for the redirection that it does not do by itself', (tls, forced) => {
    const { metadata } = ingressOf({ controller: 'ingress-nginx', tls });
    expect(metadata?.annotations?.['nginx.ingress.kubernetes.io/force-ssl-redirect']).toBe(forced);
  });

  test.each([
    [{}, { 'haproxy.org/ssl-redirect': 'false' }],
    [{ tls: { secret: 'outer-tls' } }, { 'haproxy.org/ssl-redirect': 'true', 'haproxy.org/ssl-redirect-port': '443' }],
    [{ tls: { secret: 'outer-tls' }, port: 8443 }, { 'haproxy.org/ssl-redirect-port': '8443' }],
  ])(
    'for HAProxy with %j redirects to the port of clients, which is not the default of its controller',
    (more, ours) => {
      expect(ingressOf({ controller: 'haproxy', ...more }).metadata?.annotations).toMatchObject(ours);
    },
  );

  test.each([
    ['ClusterIssuer', 'cert-manager.io/cluster-issuer'],
    ['Issuer', 'cert-manager.io/issuer'],
  ])('names a %s of cert-manager', (issuerKind, annotation) => {
    const { metadata, spec } = ingressOf({ tls: { issuer: 'ours', issuerKind } });
    expect(metadata?.annotations?.[annotation]).toBe('ours');
    expect(spec?.tls).toEqual([{ hosts: [HOST], secretName: 'mlflow-ingress-tls' }]);
  });

  test('at Google names its class by an annotation, and its Service names the BackendConfig', () => {
    const objects = objectsOf(given('ingress', false, { controller: 'gce', path: '/mlflow' }), PROGRAMS);
    const { metadata, spec } = one(objects, 'Ingress');
    expect([metadata?.annotations?.['kubernetes.io/ingress.class'], spec?.ingressClassName]).toEqual([
      'gce',
      undefined,
    ]);
    const named = one(objects, 'Service').metadata?.annotations?.['cloud.google.com/backend-config'];
    // Without this, GKE with network policies reaches pods by the ports of nodes, which a ClusterIP does not have.
    const neg = one(objects, 'Service').metadata?.annotations?.['cloud.google.com/neg'];
    expect(JSON.parse(neg ?? '')).toEqual({ ingress: true });
    const config = objects.find(({ kind }) => kind === 'BackendConfig');
    expect(JSON.parse(named ?? '')).toEqual({ default: config?.metadata.name });
    expect(config?.spec).toMatchObject({
      timeoutSec: 3600,
      healthCheck: { requestPath: '/mlflow/health', port: 5000 },
    });
  });

  test.each([
    ['3.18.0', '/mlflow/health', '200'],
    // There a login is asked for below the prefix.
    ['3.11.1', '/mlflow/health', '200,401,403'],
    ['3.1.0', '/health', '200'],
  ])('at AWS is well with MLflow %s if %s answers %s', (version, path, codes) => {
    const more = { controller: 'aws-alb', path: '/mlflow', tls: { atBalancer: true } };
    expect(ingressOf(more, version).metadata?.annotations).toMatchObject({
      'alb.ingress.kubernetes.io/healthcheck-path': path,
      'alb.ingress.kubernetes.io/success-codes': codes,
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    });
  });

  test('takes annotations of users before ours', () => {
    const more = { controller: 'ingress-nginx', annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '5g' } };
    expect(ingressOf(more).metadata?.annotations?.['nginx.ingress.kubernetes.io/proxy-body-size']).toBe('5g');
  });
});

describe('a Gateway of Google', () => {
  const parentRefs = [{ name: 'web', sectionName: 'https' }];
  const policies = (more: object = {}) =>
    objectsOf(given('gateway', true, { controller: 'gke', parentRefs, ...more }), PROGRAMS)
      .filter(({ kind }) => kind.endsWith('Policy') && kind !== 'NetworkPolicy')
      .map(({ kind, spec }) => [kind, spec]);
  const targetRef = { group: '', kind: 'Service', name: 'mlflow' };

  test.each([
    ['0s', 3600],
    ['2h', 7200],
    ['1h30m', 5400],
    ['500ms', 1],
  ])('is told the page that needs no login, and the time %s', (timeout, timeoutSec) => {
    expect(policies({ path: '/mlflow', timeout })).toEqual([
      [
        'HealthCheckPolicy',
        {
          default: {
            config: {
              type: 'HTTP',
              httpHealthCheck: { portSpecification: 'USE_SERVING_PORT', requestPath: '/mlflow/health' },
            },
          },
          targetRef,
        },
      ],
      ['GCPBackendPolicy', { default: { timeoutSec }, targetRef }],
    ]);
  });

  test('alone has these policies, and as NGINX no timeouts in the route', () => {
    const timeouts = (controller: string) => {
      const objects = objectsOf(given('gateway', true, { controller, parentRefs }), PROGRAMS);
      const route = objects.find(({ kind }) => kind === 'HTTPRoute')?.spec as { rules: { timeouts?: object }[] };
      return [
        objects.filter(({ apiVersion }) => apiVersion === 'networking.gke.io/v1').length,
        route.rules[0]?.timeouts,
      ];
    };
    expect(Object.fromEntries(GATEWAY_CONTROLLER_NAMES.map((name) => [name, timeouts(name)]))).toEqual({
      traefik: [0, { request: '0s' }],
      'envoy-gateway': [0, { request: '0s' }],
      istio: [0, { request: '0s' }],
      'nginx-gateway-fabric': [0, undefined],
      gke: [2, undefined],
      other: [0, { request: '0s' }],
    });
  });
});

test('listeners of one Gateway are one source, and several Gateways are several', () => {
  const parentRefs = [
    { name: 'web', sectionName: 'a' },
    { name: 'web', sectionName: 'b' },
    { name: 'lan', namespace: 'infra' },
  ];
  const environment = resolved(given('gateway', true, { controller: 'istio', parentRefs, from: {} }));
  expect(environment.gateway?.from).toHaveLength(2);
});

test('without one of them there is no object', () => {
  const kinds = objectsOf(SMALLEST, PROGRAMS).map(({ kind }) => kind);
  expect(kinds.filter((kind) => ['Ingress', 'HTTPRoute', 'Route', 'BackendConfig'].includes(kind))).toEqual([]);
  expect(all(objectsOf(SMALLEST, PROGRAMS), 'Service')).toHaveLength(1);
});
