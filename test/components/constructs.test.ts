import type { EnvironmentInput } from '../../lib/environment/model';
import { renderComponent } from '../../lib/synth/output/render';
import { EMBEDDED, FULLEST, OWN_STORES, SHORT_PROGRAMS as PROGRAMS, written } from '../support/fixtures';
import {
  all,
  componentsOf,
  container,
  isRecord,
  objectsOf,
  one,
  playing,
  podsOf,
  SMALLEST,
  walk,
} from '../support/support';

describe.each<[string, EnvironmentInput]>([
  ['the smallest environment', SMALLEST],
  ['the fullest environment', written(FULLEST)],
  ['the fullest environment with stores of its own', written(EMBEDDED)],
  [
    'the smallest environment of the oldest release',
    { ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } },
  ],
])('%s', (_, input) => {
  const components = componentsOf(input, PROGRAMS);
  test.each(components.map((component) => [component.name, component] as const))('makes %s', (__, component) => {
    expect(renderComponent('example', component)).toMatchSnapshot();
  });
});

describe('a network policy lets out to', () => {
  const block = (cidr: string) => ({ ipBlock: { cidr } });
  const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
  const anywhere = [block('0.0.0.0/0'), block('::/0')];
  const port = (number: number) => [{ port: number, protocol: 'TCP' }];
  const rules = (input: EnvironmentInput) => one(objectsOf(input, PROGRAMS), 'NetworkPolicy').spec?.egress ?? [];

  test.each<[string, unknown]>([
    ['192.168.1.100', [block('192.168.1.100/32')]],
    ['fd00::100', [block('fd00::100/128')]],
    ['postgres', [namespace('mlflow')]],
    ['postgres.db.svc', [namespace('db')]],
    ['postgres.db.svc.cluster.local', [namespace('db')]],
    ['pg.example.com', anywhere],
    ['a.b.c.d.svc.cluster.local', anywhere],
  ])('a database at %s', (host, to) => {
    expect(rules({ ...SMALLEST, database: { host, port: 5433 } })).toContainEqual({ to, ports: port(5433) });
  });

  test.each<[string | undefined, number, unknown]>([
    [undefined, 443, anywhere],
    ['http://minio.minio.svc.cluster.local:9000', 9000, [namespace('minio')]],
    ['https://s3.example.com', 443, anywhere],
    // A Service, or a machine of a home network: nobody can tell.
    ['http://minio.minio:9000', 9000, [namespace('minio'), ...anywhere]],
    ['http://192.168.1.9', 80, [block('192.168.1.9/32')]],
    ['https://[fd00::9]:9443', 9443, [block('fd00::9/128')]],
  ])('a store at %s', (endpoint, number, to) => {
    const s3 = endpoint === undefined ? { bucket: 'artifacts' } : { bucket: 'artifacts', endpoint };
    expect(rules({ ...SMALLEST, artifacts: { s3 } })).toContainEqual({ to, ports: port(number) });
  });

  test('DNS in any case', () => {
    const [dns] = rules(SMALLEST);
    expect(dns?.ports).toEqual([...port(53), { port: 53, protocol: 'UDP' }]);
  });
});

describe('a network policy lets in', () => {
  const from = (input: EnvironmentInput) =>
    JSON.stringify(one(objectsOf({ ...SMALLEST, ...input }, PROGRAMS), 'NetworkPolicy').spec?.ingress);

  test('the whole world only when the Service is open to it', () => {
    expect(from({})).not.toContain('0.0.0.0/0');
    expect(from({ service: { type: 'NodePort' } })).toContain('0.0.0.0/0');
    expect(from({ service: { type: 'LoadBalancer' } })).toContain('::/0');
    const service = { type: 'LoadBalancer' as const, sourceRanges: ['10.0.0.0/8'] };
    expect(from({ service: { ...service, externalTrafficPolicy: 'Local' } })).not.toContain('0.0.0.0/0');
    // Here the pod sees the address of a node, and the load balancer has filtered already.
    expect(from({ service })).toContain('0.0.0.0/0');
    expect(
      from({ service: { type: 'LoadBalancer' }, networkPolicy: { clients: { cidrs: ['10.0.0.0/8'] } } }),
    ).not.toContain('0.0.0.0/0');
  });

  test('pods that are named, and only together with their namespace', () => {
    const rules = one(playing(objectsOf(written(FULLEST), PROGRAMS), 'server'), 'NetworkPolicy').spec?.ingress ?? [];
    const named = rules.flatMap(({ from: peers = [] }) => peers).filter(({ podSelector }) => podSelector);
    expect(named).toHaveLength(3);
    for (const peer of named) expect(peer.namespaceSelector).toBeDefined();
  });
});

test('the Service asks MetalLB for its address by the annotation and not by the deprecated field', () => {
  const [service] = all(objectsOf(written(FULLEST), PROGRAMS), 'Service');
  const { metadata, spec } = service ?? {};
  expect(metadata?.annotations).toEqual({
    'example.com/owner': 'ml',
    'example.com/pool': 'lan',
    'metallb.io/loadBalancerIPs': '192.168.1.201',
  });
  expect(spec).toMatchObject({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.1.0/24'] });
  expect(spec?.loadBalancerIp).toBeUndefined();
  expect(spec).not.toHaveProperty('loadBalancerIP');
});

test('the server alone mounts the claim, and both containers the programs and certificates', () => {
  const objects = objectsOf(written(FULLEST), PROGRAMS);
  const paths = (name: string) => container(objects, name).volumeMounts?.map(({ mountPath }) => mountPath);
  expect(paths('prepare')).toEqual(['/tmp', '/programs', '/etc/mlflow/database-ca', '/etc/mlflow/s3-ca']);
  expect(paths('server')).toEqual([...(paths('prepare') ?? []), '/run/mlflow-metrics', '/data']);
  expect(paths('metrics')).toEqual(['/programs', '/run/mlflow-metrics', '/run/mlflow-metrics-login']);
});

test('a Deployment is given up no sooner than preparing and starting may take', () => {
  const objects = objectsOf(written(FULLEST), PROGRAMS);
  const { startupProbe } = container(objects, 'server');
  const starting = (startupProbe?.periodSeconds ?? 0) * (startupProbe?.failureThreshold ?? 0);
  expect(one(objects, 'Deployment').spec?.progressDeadlineSeconds).toBeGreaterThanOrEqual(120 + starting);
});

test('a change of the release changes no selector', () => {
  const selectors = (tag: string) => {
    const objects = objectsOf({ ...SMALLEST, image: { repository: 'own/mlflow', tag } }, PROGRAMS);
    return [
      one(objects, 'Deployment').spec?.selector,
      one(objects, 'Service').spec?.selector,
      one(objects, 'NetworkPolicy').spec?.podSelector,
    ];
  };
  expect(selectors('3.18.0')).toEqual(selectors('3.1.0'));
});

test('two instances in one namespace share no object, no pod and no Secret', () => {
  for (const input of [SMALLEST, OWN_STORES]) {
    const [a, b] = ['a', 'b'].map((name) => objectsOf({ ...input, name, namespace: { create: false } }, PROGRAMS));
    const names = (objects = a ?? []) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names().filter((name) => names(b).includes(name))).toEqual([]);
    const secrets = (objects = a ?? []) =>
      walk(objects).flatMap(({ path, value }) =>
        path.endsWith('/secretKeyRef') && isRecord(value) ? [String(value.name)] : [],
      );
    expect(secrets().length).toBeGreaterThan(5);
    expect(secrets().filter((name) => secrets(b).includes(name))).toEqual([]);
    for (const { spec } of all(a ?? [], 'Service')) {
      for (const { labels } of podsOf(b ?? [])) {
        expect(Object.entries(spec?.selector ?? {}).every(([key, value]) => labels[key] === value)).toBe(false);
      }
    }
  }
});

test('a namespace that somebody else makes is not in the output, and all else is in it', () => {
  const objects = objectsOf({ ...SMALLEST, namespace: { name: 'ml', create: false } }, PROGRAMS);
  expect(all(objects, 'Namespace')).toEqual([]);
  expect(objects.every(({ metadata }) => metadata.namespace === 'ml')).toBe(true);
});

describe('where the environment wants its pods', () => {
  const wanted = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' as const }],
    priorityClassName: 'high',
  };
  const places = (input: EnvironmentInput) =>
    podsOf(objectsOf({ ...OWN_STORES, ...input }, PROGRAMS)).map(({ owner, spec }) => {
      const { nodeSelector, tolerations, priorityClassName } = spec;
      return [owner.kind, { nodeSelector, tolerations, priorityClassName }];
    });
  const kinds = ['Deployment', 'StatefulSet', 'StatefulSet', 'Job', 'Job', 'Job'];

  test.each(Object.entries(wanted))('each goes, those of Jobs and stores too: %s', (key, value) => {
    expect(places({ server: { [key]: value } })).toEqual(kinds.map((kind) => [kind, { [key]: value }]));
  });

  test('none is bound to a place that is not named', () => {
    expect(places({})).toEqual(kinds.map((kind) => [kind, {}]));
  });
});
