import { scrapeConfig } from '../../../lib/components/monitoring/scraping';
import { corsAllowedOrigins } from '../../../lib/components/service/accepted';
import { trackingUri } from '../../../lib/components/service/hosts';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import {
  all,
  container,
  objectsOf,
  one,
  playing,
  resolution,
  resolved,
  SMALLEST,
  variables,
} from '../../support/support';

/** TLS in the pods: every place that says how the server is spoken to. */

const HOST = 'mlflow.mlflow.svc.cluster.local';
const SECRET = { secret: 'server-tls' } as const;
const ISSUER = { issuer: 'internal' } as const;
const MANY: EnvironmentInput = {
  ...SMALLEST,
  monitoring: { metrics: {}, serviceMonitor: {} },
  garbageCollection: {},
  smokeTest: { enabled: true },
  clients: [{ namespace: 'lab' }],
};
type Tls = NonNullable<NonNullable<EnvironmentInput['service']>['tls']>;

const withTls = (tls: Tls | undefined, more: EnvironmentInput = {}): EnvironmentInput => ({
  ...MANY,
  ...more,
  service: { ...more.service, ...(tls ? { tls } : {}) },
});
const made = (input: EnvironmentInput): Manifest[] => objectsOf(input, SHORT_PROGRAMS);
const kind = (objects: readonly Manifest[], wanted: string) => objects.find((object) => object.kind === wanted);
/** The spec of the one object of a kind. */
const specOf = <Spec>(objects: readonly Manifest[], wanted: string): Spec => {
  const found = kind(objects, wanted);
  if (!found) throw new Error(`no ${wanted}`);
  return found.spec as Spec;
};
const probes = (objects: readonly Manifest[]) => {
  const { startupProbe, readinessProbe, livenessProbe } = container(objects, 'server');
  return [startupProbe?.httpGet?.scheme, readinessProbe?.httpGet?.scheme, livenessProbe?.httpGet];
};
const job = (objects: readonly Manifest[], role: string) => container(playing(objects, role), role);
const endpoint = (objects: readonly Manifest[]) =>
  specOf<{ endpoints: { scheme: string; tlsConfig?: unknown }[] }>(objects, 'ServiceMonitor').endpoints[0];
const scraping = (input: EnvironmentInput) => {
  const environment = resolved(input);
  const { metrics } = environment.monitoring;
  if (!metrics) throw new Error('no metrics');
  const { scheme, tls_config } = scrapeConfig(environment, metrics);
  return [scheme, tls_config];
};

/** What each place says without TLS, and with the certificate of a Secret. */
const PLACES: Readonly<
  Record<string, readonly [of: (input: EnvironmentInput) => unknown, http: unknown, https: unknown]>
> = {
  'the port of the Service': [
    (input) =>
      all(made(input), 'Service').flatMap(({ metadata, spec }) =>
        metadata?.name === 'mlflow'
          ? (spec?.ports ?? []).map(({ name, appProtocol, targetPort }) => [name, appProtocol, targetPort])
          : [],
      ),
    [['http', undefined, 'http']],
    [['https', 'https', 'https']],
  ],
  'the port of the container': [
    (input) => container(made(input), 'server').ports?.map(({ name }) => name),
    ['http'],
    ['https'],
  ],
  'the probes, which verify nothing': [
    (input) => probes(made(input)),
    [undefined, undefined, undefined],
    ['HTTPS', 'HTTPS', undefined],
  ],
  'the option of the programs': [
    (input) =>
      ['server', 'metrics'].map((name) =>
        container(made(input), name).command?.filter((word) => word.startsWith('--tls')),
      ),
    [[], []],
    [['--tls=/etc/mlflow/tls'], ['--tls=/etc/mlflow/tls']],
  ],
  'the URI of clients': [(input) => trackingUri(resolved(input)), `http://${HOST}:5000`, `https://${HOST}:5000`],
  'the ConfigMap of clients': [
    (input) => all(made(input), 'ConfigMap').flatMap(({ data }) => data?.MLFLOW_TRACKING_URI ?? []),
    [`http://${HOST}:5000`],
    [`https://${HOST}:5000`],
  ],
  ...Object.fromEntries(
    ['garbage-collection', 'smoke-test'].map((role) => [
      `the ${role}`,
      [
        (input: EnvironmentInput) => {
          const { MLFLOW_TRACKING_URI, MLFLOW_TRACKING_SERVER_CERT_PATH } = variables(job(made(input), role));
          return [MLFLOW_TRACKING_URI, MLFLOW_TRACKING_SERVER_CERT_PATH];
        },
        [`http://${HOST}:5000`, undefined],
        [`https://${HOST}:5000`, '/etc/mlflow/server-ca/ca.crt'],
      ] as const,
    ]),
  ),
  'the ServiceMonitor': [
    (input) => {
      const { scheme, tlsConfig } = endpoint(made(input)) ?? {};
      return [scheme, tlsConfig];
    },
    ['http', undefined],
    ['https', { serverName: HOST, ca: { secret: { name: 'server-tls', key: 'ca.crt' } } }],
  ],
  'the scrape job': [
    scraping,
    [undefined, undefined],
    ['https', { ca_file: '/etc/prometheus/secrets/server-tls/ca.crt', server_name: HOST }],
  ],
  'the origins of the Service': [
    (input) => corsAllowedOrigins(resolved({ ...input, service: { ...input.service, externalIPs: ['203.0.113.9'] } })),
    ['http://203.0.113.9:5000'],
    ['https://203.0.113.9:5000'],
  ],
  'the Route': [
    (input) => {
      const objects = made({ ...input, route: { host: 'a.example.com' } });
      const { port, tls } = specOf<{ port: object; tls: { termination: string } }>(objects, 'Route');
      return [port, tls.termination];
    },
    [{ targetPort: 'http' }, 'edge'],
    [{ targetPort: 'https' }, 'reencrypt'],
  ],
  'the policy of a Gateway': [
    (input) => {
      const gateway = { host: 'a.example.com', controller: 'istio' as const, parentRefs: [{ name: 'web' }] };
      return kind(made({ ...input, gateway }), 'BackendTLSPolicy')?.spec;
    },
    undefined,
    {
      targetRefs: [{ group: '', kind: 'Service', name: 'mlflow' }],
      validation: { hostname: HOST, caCertificateRefs: [{ group: '', kind: 'Secret', name: 'server-tls' }] },
    },
  ],
  ...Object.fromEntries(
    (
      [
        ['haproxy', { 'haproxy.org/server-ssl': 'true' }],
        ['ingress-nginx', { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' }],
        [
          'aws-alb',
          {
            'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS',
            'alb.ingress.kubernetes.io/healthcheck-protocol': 'HTTPS',
          },
        ],
      ] as const
    ).map(([controller, annotations]) => [
      `the Ingress of ${controller}`,
      [
        (input: EnvironmentInput) => {
          const ingress = { host: 'a.example.com', controller, from: { cidrs: ['10.0.0.0/16'] } };
          const { metadata } = one(made({ ...input, ingress }), 'Ingress');
          const given = Object.entries(metadata?.annotations ?? {});
          return Object.fromEntries(given.filter(([name]) => Object.keys(annotations).includes(name)));
        },
        {},
        annotations,
      ] as const,
    ]),
  ),
  'the BackendConfig of Google': [
    (input) => {
      const objects = made({ ...input, ingress: { host: 'a.example.com', controller: 'gce' } });
      const { healthCheck } = specOf<{ healthCheck: { type: string } }>(objects, 'BackendConfig');
      const [service] = all(objects, 'Service');
      return [healthCheck.type, service?.metadata?.annotations?.['cloud.google.com/app-protocols']];
    },
    ['HTTP', undefined],
    ['HTTPS', '{"https":"HTTPS"}'],
  ],
};

describe.each(Object.entries(PLACES))('%s', (_, [of, http, https]) => {
  test('says how the server is spoken to', () => {
    expect(of(withTls(undefined))).toEqual(http);
    expect(of(withTls(SECRET))).toEqual(https);
  });
});

test('no text of any object has the scheme of the other', () => {
  const text = (input: EnvironmentInput) =>
    JSON.stringify(made(input).filter(({ metadata }) => !metadata.name.startsWith('mlflow-programs')));
  const other = (scheme: string) => new RegExp(`${scheme}://mlflow\\.`);
  expect(text(withTls(SECRET))).not.toMatch(other('http'));
  expect(text(withTls(undefined))).not.toMatch(other('https'));
});

test('certificate and key are a folder that the kubelet updates, and no pod rolls for it; the Jobs have no key', () => {
  const objects = made(withTls(SECRET));
  for (const name of ['server', 'metrics'])
    expect(container(objects, name).volumeMounts).toContainEqual({
      name: 'tls',
      mountPath: '/etc/mlflow/tls',
      readOnly: true,
    });
  const { template } = one(objects, 'Deployment').spec ?? {};
  expect(template?.spec?.volumes).toContainEqual({
    name: 'tls',
    secret: {
      secretName: 'server-tls',
      items: ['tls.crt', 'tls.key'].map((key) => ({ key, path: key })),
    },
  });
  expect(JSON.stringify(objects)).not.toContain('subPath":"tls');
  for (const { spec } of all(objects, 'CronJob'))
    expect(spec?.jobTemplate.spec?.template.spec?.volumes).toContainEqual({
      name: 'server-ca',
      secret: { secretName: 'server-tls', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
    });
});

test('cert-manager is asked for all names and addresses of the Service, and for another key at each renewal', () => {
  const address = '192.168.1.201';
  const service = { type: 'LoadBalancer' as const, loadBalancerIP: address, externalIPs: [address] };
  const certificate = kind(made(withTls({ ...ISSUER, issuerKind: 'Issuer' }, { service })), 'Certificate');
  expect(certificate?.spec).toEqual({
    secretName: 'mlflow-tls',
    issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: 'internal' },
    dnsNames: ['mlflow', 'mlflow.mlflow', 'mlflow.mlflow.svc', HOST],
    ipAddresses: [address],
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    usages: ['digital signature', 'server auth'],
    revisionHistoryLimit: 1,
  });
  expect(kind(made(withTls(SECRET)), 'Certificate')).toBeUndefined();
  expect(kind(made(withTls(ISSUER)), 'Certificate')?.spec).not.toHaveProperty('ipAddresses');
});

test.each([
  [{}, /^service\.tls: names no certificate \(set secret or issuer\)/],
  [{ secret: 'a', ca: {} }, /^service\.tls\.ca: must name one source/],
] as const)('%j is refused', (tls, message) => {
  const { issues } = resolution(withTls(tls));
  expect(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)).toEqual([expect.stringMatching(message)]);
});

test.each([
  [SECRET, false],
  [undefined, true],
] as const)('with %j, a Service outside is said to have no TLS: %s', (tls, expected) => {
  const { warnings } = resolution(withTls(tls, { service: { type: 'LoadBalancer' } }));
  expect(JSON.stringify(warnings).includes('logins are sent without TLS')).toBe(expected);
});
