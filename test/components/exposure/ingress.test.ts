import { CONTROLLER_NAMES, type ControllerName } from '../../../lib/components/ingress/controllers';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { objectsOf, one, PROGRAMS, SMALLEST } from '../../support/support';
import { given, HOST } from './sections';

const ingressOf = (more: object, version?: string) =>
  one(objectsOf(given('ingress', false, more, version), PROGRAMS), 'Ingress');

describe('an Ingress', () => {
  /** What each controller is told of large and slow transfers; of the others docs/controllers.md says why nothing. */
  const TRANSFERS: Readonly<Record<ControllerName, Readonly<Record<string, string>>>> = {
    traefik: {},
    haproxy: { 'haproxy.org/timeout-server': '3600s' },
    'ingress-nginx': {
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
    },
    'aws-alb': { 'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=4000' },
    // In its BackendConfig.
    gce: {},
    other: {},
  };

  test.each(CONTROLLER_NAMES)('for %s lets transfers of any size and time pass', (controller) => {
    const tls = controller === 'aws-alb' ? { atBalancer: true } : { secret: 'outer-tls' };
    const { metadata, spec } = ingressOf({ controller, tls });
    expect(spec?.tls).toEqual(controller === 'aws-alb' ? undefined : [{ hosts: [HOST], secretName: 'outer-tls' }]);
    const annotations = Object.entries(metadata?.annotations ?? {});
    const ofTransfers = annotations.filter(([name]) => /body|buffering|timeout|attributes/.test(name));
    expect(Object.fromEntries(ofTransfers)).toEqual(TRANSFERS[controller]);
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

  test.each(CONTROLLER_NAMES)('for %s lets cookies of sessions pass, if there are any', (controller) => {
    const size = ({ auth = {} }: EnvironmentInput) => {
      const ingress = {
        host: HOST,
        from: { cidrs: ['10.0.0.0/24'] },
        controller,
        tls: controller === 'aws-alb' ? { atBalancer: true } : { secret: 'outer' },
      };
      const { metadata } = one(objectsOf({ ...SMALLEST, auth, ingress }, PROGRAMS), 'Ingress');
      return metadata?.annotations?.['nginx.ingress.kubernetes.io/proxy-buffer-size'];
    };
    const oidc = { issuer: 'https://sso.example.com', clientId: 'mlflow', emailDomains: ['example.com'] };
    expect(size({})).toBeUndefined();
    for (const session of [{}, { refresh: '5m' }]) {
      expect(size({ auth: { oidc: { ...oidc, session } } })).toBe(controller === 'ingress-nginx' ? '16k' : undefined);
    }
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

  test('at Google asks the port of the proxy of single sign-on', () => {
    const oidc = { issuer: 'https://sso.example.com', clientId: 'mlflow', emailDomains: ['example.com'] };
    const objects = objectsOf({ ...given('ingress', false, { controller: 'gce' }), auth: { oidc } }, PROGRAMS);
    const config = objects.find(({ kind }) => kind === 'BackendConfig');
    expect(config?.spec).toMatchObject({ healthCheck: { requestPath: '/health', port: 4180 } });
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
