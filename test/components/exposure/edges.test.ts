import { GATEWAY_CONTROLLER_NAMES } from '../../../lib/components/gateway/controllers';
import { acceptedOrigins, allowedHosts, corsAllowedOrigins, outerUris } from '../../../lib/components/service/accepted';
import { letsIn } from '../../../lib/mlflow/fnmatch';
import { RELEASES } from '../../arbitraries/shared/releases';
import { all, objectsOf, one, PROGRAMS, playing, resolved, SMALLEST } from '../../support/support';
import { given, HOST, KEYS } from './sections';

/** What leads to the server from outside the cluster, and all that follows from it. */

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
