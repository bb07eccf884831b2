import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { EMBEDDED, OWN_STORES } from '../../support/embedded-fixtures';
import { SHORT_PROGRAMS, written } from '../../support/fixtures';
import {
  all,
  container,
  filesOf,
  type MadePod,
  objectsOf,
  one,
  PROGRAMS,
  playing,
  podsOf,
  SMALLEST,
  selects,
  variables,
  walk,
} from '../../support/support';

/** Stores of an instance's own, and the Secrets that are made for them in the cluster. */

const STORES = ['database', 'object-store'] as const;
const partOf = ({ labels }: MadePod) => labels['app.kubernetes.io/component'];

/** The objects of an instance with stores of its own, with something changed. */
const changed = (more: EnvironmentInput = {}, programs = SHORT_PROGRAMS): Manifest[] =>
  objectsOf({ ...OWN_STORES, ...more }, programs);

const statefulSet = (objects: readonly Manifest[], part: string) => one(playing(objects, part), 'StatefulSet');

describe.each(STORES)('an embedded %s', (part) => {
  const objects = objectsOf(written(EMBEDDED), SHORT_PROGRAMS);
  const [pod, second] = podsOf(playing(objects, part));

  test('is one pod, and no second one starts before the first has ended', () => {
    expect(second).toBeUndefined();
    const { kind } = pod?.owner ?? {};
    expect(kind).toBe('StatefulSet');
    expect(statefulSet(objects, part).spec?.replicas).toBe(1);
  });

  test('is met by the Service and the policy that are its own, and by no other', () => {
    const selecting = objects.filter(({ kind }) => ['Service', 'NetworkPolicy', 'PodDisruptionBudget'].includes(kind));
    expect(selecting).toHaveLength(4 + 8 + 1);
    const meeting = selecting.filter(({ spec }) => {
      const { selector, podSelector } = spec as { selector?: object; podSelector?: object };
      return selects({ ...(podSelector ?? selector) }, pod?.labels ?? {});
    });
    const name = statefulSet(objects, part).metadata?.name;
    expect(meeting.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      `Service ${name}`,
      `NetworkPolicy ${name}`,
    ]);
  });

  test('accepts connections of the server, backups and the garbage collection at its one port, and opens none', () => {
    const { spec } = one(playing(objects, part), 'NetworkPolicy');
    expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec?.egress).toBeUndefined();
    const [rule, other] = spec?.ingress ?? [];
    expect(other).toBeUndefined();
    const peers = rule?.from ?? [];
    // Without a namespace selector it is the policy's own namespace.
    for (const peer of peers) expect(Object.keys(peer)).toEqual(['podSelector']);
    const reaching = peers.flatMap(({ podSelector }) =>
      podsOf(objects).filter(({ labels }) => selects({ ...podSelector }, labels)),
    );
    expect([...new Set(reaching.map(partOf))]).toEqual(['server', 'backup', 'garbage-collection']);
    const declared = pod?.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
    expect(rule?.ports?.map(({ port }) => port)).toEqual(declared);
  });

  test('is all that the server reaches at that port', () => {
    const port = pod?.containers.at(-1)?.ports?.[0]?.containerPort;
    const rules = one(playing(objects, 'server'), 'NetworkPolicy').spec?.egress ?? [];
    const leading = rules.filter(({ ports }) => ports?.some((each) => each.port === port));
    const peers = leading.flatMap(({ to = [] }) => to);
    expect(peers.map((peer) => Object.keys(peer))).toEqual([['podSelector']]);
    const met = podsOf(objects).filter(({ labels }) =>
      peers.some(({ podSelector }) => selects({ ...podSelector }, labels)),
    );
    expect(met.map(partOf)).toEqual([part]);
  });

  test('keeps its data on a claim in the file of claims, not on one that the StatefulSet would make', () => {
    const names = pod?.spec.volumes?.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    const storage = filesOf(written(EMBEDDED), SHORT_PROGRAMS).filter(({ objects: own }) =>
      own.some(({ kind }) => kind === 'PersistentVolumeClaim'),
    );
    expect(storage.map(({ name }) => name)).toEqual(['storage']);
    expect(storage[0]?.objects.map(({ metadata }) => metadata.name)).toEqual(expect.arrayContaining(names ?? ['none']));
    expect(statefulSet(objects, part).spec?.volumeClaimTemplates).toBeUndefined();
  });

  const quiet: readonly [string, EnvironmentInput, typeof SHORT_PROGRAMS][] = [
    ['the MLflow release', { image: { tag: 'v3.17.2-full' } }, {}],
    ['the image of MLflow', { image: { repository: 'own/mlflow', tag: '3.1.0' } }, {}],
    ['the server', { server: { replicas: 2, workers: 1, env: { A: 'b' }, gracePeriod: 90 } }, {}],
    ['the login', { auth: { enabled: false } }, {}],
    ['who makes the Secrets', { secrets: { provider: 'existing' } }, {}],
    ['the Service', { service: { type: 'NodePort', port: 80 } }, {}],
    ['who may use the server', { networkPolicy: { enabled: false } }, {}],
    ['a claim beside its own', { storage: { data: { mountPath: '/data' } } }, {}],
    [
      "the server's programs",
      {},
      { 'prepare/__main__.py': '# new', 'server/stop.py': '# new', 'secret_generator/__main__.py': '# new' },
    ],
  ];
  test.each(quiet)('does not restart, nor moves to another claim, when %s changes', (_, change, programs) => {
    const before = changed();
    const after = changed(change, { ...SHORT_PROGRAMS, ...programs });
    expect(statefulSet(after, part)).toEqual(statefulSet(before, part));
    expect(one(playing(after, part), 'Service')).toEqual(one(playing(before, part), 'Service'));
    const claim = (made: readonly Manifest[]) =>
      all(made, 'PersistentVolumeClaim').find(({ metadata }) => metadata?.name === `mlflow-${part}`)?.spec;
    expect(claim(after)).toBeDefined();
    expect(claim(after)).toEqual(claim(before));
  });

  test('keeps its selectors and its claim when its own image changes', () => {
    const tag = '99.1';
    const before = changed();
    const after = changed({
      database: { embedded: { image: { tag } } },
      artifacts: { embedded: { image: { tag } } },
    });
    const [old, young] = [statefulSet(before, part), statefulSet(after, part)];
    expect(young.spec?.template).not.toEqual(old.spec?.template);
    expect(young.metadata?.labels?.['app.kubernetes.io/version']).toBe(tag);
    expect({ ...young.spec, template: 0 }).toEqual({ ...old.spec, template: 0 });
    expect(one(playing(after, part), 'Service').spec).toEqual(one(playing(before, part), 'Service').spec);
    expect(one(playing(after, part), 'NetworkPolicy').spec).toEqual(one(playing(before, part), 'NetworkPolicy').spec);
    expect(all(after, 'PersistentVolumeClaim')).toEqual(all(before, 'PersistentVolumeClaim'));
  });
});

describe('the server', () => {
  const objects = changed();

  test('finds its stores by their Services, at the ports where they listen, with the credentials that they have', () => {
    const server = variables(container(objects, 'server'));
    const [database, store] = STORES.map((part) => one(playing(objects, part), 'Service'));
    expect(server).toMatchObject({
      PGHOST: database?.metadata?.name,
      PGPORT: String(database?.spec?.ports?.[0]?.port),
      MLFLOW_S3_ENDPOINT_URL: `http://${store?.metadata?.name}:${store?.spec?.ports?.[0]?.port}`,
      MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE: 'path',
    });
    const { MLFLOW_DB_USERNAME, MLFLOW_DB_PASSWORD, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = server;
    expect(variables(container(objects, 'initialize'))).toMatchObject({ MLFLOW_DB_USERNAME, MLFLOW_DB_PASSWORD });
    expect(variables(container(objects, 'versitygw'))).toEqual({
      ROOT_ACCESS_KEY: AWS_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: AWS_SECRET_ACCESS_KEY,
    });
  });

  test('listens for its stores where they do', () => {
    for (const part of STORES) {
      const [pod] = podsOf(playing(objects, part));
      const [port] = pod?.containers.at(-1)?.ports ?? [];
      const [served] = one(playing(objects, part), 'Service').spec?.ports ?? [];
      expect(served).toMatchObject({ port: port?.containerPort, targetPort: port?.name });
    }
    const { args = [] } = container(objects, 'versitygw');
    expect(args).toContain(`--port=:${container(objects, 'versitygw').ports?.[0]?.containerPort}`);
  });

  test('creates databases and the bucket in its own stores, unless told otherwise, and nowhere else', () => {
    const may = (input: EnvironmentInput) => {
      const prepare = variables(container(objectsOf(input, SHORT_PROGRAMS), 'prepare'));
      return [prepare.PREPARE_CREATE_DATABASES, prepare.PREPARE_CREATE_BUCKET];
    };
    expect(may(OWN_STORES)).toEqual(['true', 'true']);
    expect(may(SMALLEST)).toEqual([undefined, undefined]);
    expect(
      may({ database: { embedded: {}, create: false }, artifacts: { embedded: {}, s3: { createBucket: false } } }),
    ).toEqual([undefined, undefined]);
  });

  test('does not restart when its stores change and stay where they are', () => {
    const template = (made: readonly Manifest[]) => one(made, 'Deployment').spec?.template;
    const embedded = { image: { tag: '99' }, storage: { size: '1Ti' }, resources: { limits: { memory: '4Gi' } } };
    const programs = { ...SHORT_PROGRAMS, 'database/initialize.sh': '# new', 'secret_generator/__main__.py': '# new' };
    expect(template(changed({ database: { embedded }, artifacts: { embedded } }, programs))).toEqual(template(objects));
  });
});

describe('an embedded PostgreSQL', () => {
  const settings = (input: EnvironmentInput) => container(changed(input), 'postgresql').command ?? [];

  test('has more connections than the environment gives MLflow', () => {
    const embedded = { resources: { limits: { memory: '1Gi' } } };
    expect(settings({ database: { embedded, maxConnections: 250 } })).toContain('--max_connections=260');
  });

  test.each([
    ['512Mi', '128MB'],
    ['2Gi', '512MB'],
    ['1G', '238MB'],
    ['10Gi', '2560MB'],
  ])('with %s of memory has %s of shared buffers', (memory, buffers) => {
    const resources = { requests: { memory: '64Mi' }, limits: { memory } };
    expect(settings({ database: { embedded: { resources } } })).toContain(`--shared_buffers=${buffers}`);
  });

  test('restarts when what prepares it changes', () => {
    const young = changed({}, { ...SHORT_PROGRAMS, 'database/initialize.sh': '# new' });
    expect(statefulSet(young, 'database').spec?.template).not.toEqual(
      statefulSet(changed(), 'database').spec?.template,
    );
  });

  test('ends without waiting for its clients, whatever signal its image asks for', () => {
    const { lifecycle } = container(changed(), 'postgresql');
    // The fast shutdown. At the SIGTERM of the kubelet it would wait for every connection of the server.
    expect(lifecycle?.preStop?.exec?.command).toEqual(['sh', '-c', 'kill -INT 1']);
  });

  test('is locked on its own volume, where the lock of another pod is seen', () => {
    const { command = [], volumeMounts = [] } = container(changed(), 'postgresql');
    const volume = volumeMounts.find(({ name }) => name === 'data')?.mountPath;
    expect(command.slice(0, 4)).toEqual(['flock', '--no-fork', `${volume}/lock`, 'postgres']);
    expect(variables(container(changed(), 'initialize')).PGDATA).toMatch(`${volume}/`);
    // The real program takes the same one.
    expect(PROGRAMS['database/initialize.sh']).toContain('"$(dirname "$PGDATA")/lock"');
  });
});

test('an embedded object store answers at the page that its pod is asked for', () => {
  const { args = [], readinessProbe } = container(changed(), 'versitygw');
  expect(readinessProbe?.httpGet?.path).toBe('/healthz');
  expect(args).toContain(`--health=${readinessProbe?.httpGet?.path}`);
});

test('the longest allowed name fits with every suffix, and a longer one is refused', () => {
  const named = (length: number) => changed({ name: 'n'.repeat(length) });
  const longest = (kind: string) =>
    Math.max(...named(34).flatMap((object) => (object.kind === kind ? [object.metadata.name.length] : [])));
  expect(longest('Job')).toBeLessThanOrEqual(63);
  expect(longest('StatefulSet')).toBeLessThanOrEqual(52);
  expect(longest('Service')).toBeLessThanOrEqual(63);
  expect(() => named(35)).toThrow('"name"');
  expect(() => objectsOf({ ...SMALLEST, name: 'n'.repeat(40) })).not.toThrow();
});

test('the output with stores of its own is text that any tool leaves as it is', () => {
  const texts = walk(changed({}, PROGRAMS)).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  expect(texts.filter((text) => text.includes('$' + '{'))).toEqual([]);
});
