import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import type { Environment, EnvironmentInput } from '../../lib/environment/model';
import { parseEnvironment } from '../../lib/environment/parse';
import { resolve } from '../../lib/environment/resolve';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { compose } from '../../lib/synth/compose';
import type { Component, Manifest } from '../../lib/synth/manifest';
import { renderComponent } from '../../lib/synth/output/render';
import { environmentSchema, type JsonSchema } from '../../tools/json-schema';
import { atLeast, GENERATED_KEYS, OPTIONS, RELEASES, randomEnvironment, TRICKY } from '../arbitraries/environment';
import { sealedOf } from '../support/sealed-secrets';
import {
  all,
  type Container,
  container,
  isRecord,
  loginsAsFiles,
  type MadePod,
  objectsOf,
  one,
  PROGRAMS,
  playing,
  podsOf,
  resolved,
  SMALLEST,
  selects,
  variables,
  walk,
} from '../support/support';

/** What holds over every object of every environment: said here anew, without the rules that synth itself checks. */

const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 200);
const SEED = Number(process.env.FAST_CHECK_SEED ?? 20_250_611);

/** In place of the real ones, whose text is long and the same everywhere; the committed output has those. */
const SHORT_PROGRAMS = {
  common: 'class Failure: x = "#"\n',
  prepare: '"""Prepares."""\n\nif True:\n    print("x: # y")  \n',
  prepareUsers: 'GRANT = "* is\\ta: # star"\n',
  start: 'exec = [1]\n',
  exportMetrics: 'up: str = "y"\n',
  stop: '\n# stops\n',
  authenticationCache: 'key = "{}"\n',
  maintenance: 'LOCK = "a: b"\n',
  collectGarbage: 'gc("- x")\n',
  garbage: '# garbage:\n',
  smokeTest: "'''test'''\n",
  backup: { 'backup.py': 'say("y: {}")\n', 'postgresql-client.sh': "trap 'exit 143' TERM\n" },
  generateSecret: 'print("%s: - x")\n',
  initializeDatabase: "#!/bin/sh\nset -e\necho 'a: b' >/tmp/x\n",
};

interface Issue {
  readonly path: readonly unknown[];
  readonly message: string;
}

interface Composed {
  readonly input: EnvironmentInput;
  readonly issues: readonly Issue[];
  readonly given?: Environment;
  readonly environment?: ResolvedEnvironment;
  readonly components: readonly Component[];
  readonly objects: Manifest[];
}

interface Valid extends Composed {
  readonly given: Environment;
  readonly environment: ResolvedEnvironment;
  readonly version: string;
  readonly pods: readonly MadePod[];
  readonly containers: readonly Container[];
}

function composed(input: EnvironmentInput): Composed {
  const parsed = parseEnvironment(input);
  const resolution = parsed.environment ? resolve(parsed.environment) : undefined;
  const composition = resolution?.environment
    ? compose(resolution.environment, SHORT_PROGRAMS, sealedOf(resolution.environment))
    : undefined;
  const components = composition?.components ?? [];
  return {
    input,
    issues: [...parsed.issues, ...(resolution?.issues ?? []), ...(composition?.issues ?? [])],
    given: parsed.environment,
    environment: resolution?.environment,
    components,
    objects: components.flatMap(({ objects }) => objects),
  };
}

function asValid({ given, environment, ...rest }: Composed): Valid | undefined {
  if (!given || !environment || rest.issues.length > 0) return undefined;
  const pods = podsOf(rest.objects);
  const { version } = environment.release;
  return { ...rest, given, environment, version, pods, containers: pods.flatMap(({ containers }) => containers) };
}

let inputs: readonly EnvironmentInput[] = [];
let outcomes: readonly Composed[] = [];
let valid: readonly Valid[] = [];

beforeAll(() => {
  inputs = fc.sample(randomEnvironment, { numRuns: RUNS, seed: SEED });
  outcomes = inputs.map(composed);
  valid = outcomes.flatMap((outcome) => asValid(outcome) ?? []);
});

/** A statement about every valid environment. One that breaks it is shown with the smallest environment that does. */
function holds(statement: string, check: (environment: Valid) => void, every = 1): void {
  test(statement, () => {
    for (const environment of valid.filter((_, index) => index % every === 0)) {
      try {
        check(environment);
      } catch (error) {
        const property = fc.property(randomEnvironment, (input) => {
          const smaller = asValid(composed(input));
          if (smaller) check(smaller);
        });
        fc.assert(property, { seed: SEED, numRuns: RUNS });
        throw new Error(`${(error as Error).message}\nin ${JSON.stringify(environment.input)}`);
      }
    }
  });
}

/** What is left when all that is right was taken away; named, so that a failure says where. */
const none = (wrong: readonly unknown[]) => expect(wrong).toEqual([]);

describe('the random environments', () => {
  test('know every top-level key of the model', () => {
    expect([...GENERATED_KEYS].sort()).toEqual(Object.keys(environmentSchema().properties ?? {}).sort());
  });

  test('give every key of every section somewhere', () => {
    const used = new Set(fc.sample(randomEnvironment, { numRuns: 400, seed: 1 }).flatMap((input) => keysOf(input)));
    none([...keysOfSchema(environmentSchema())].filter((key) => key !== 'extends' && !used.has(key)));
  });

  test('are composed, or refused with issues that have one line and a place', () => {
    for (const { path, message } of outcomes.flatMap(({ issues }) => issues)) {
      expect(message).toMatch(/^\S.*\S$/);
      expect(path.length).toBeGreaterThan(0);
    }
    expect(valid.length / outcomes.length).toBeGreaterThan(0.9);
  });

  test('break no rule of synth once the model and the release take them', () => {
    none(outcomes.filter(({ environment }) => environment).flatMap(({ issues }) => issues));
  });

  test('meet every release', () => {
    expect([...new Set(valid.map(({ version }) => version))].sort()).toEqual([...RELEASES].sort());
  });
});

/** The paths of the keys that a value has; lists do not count as steps. */
function keysOf(value: unknown, prefix: unknown = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, prefix));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${prefix}${key}`, ...keysOf(inner, `${prefix}${key}.`)]);
}

function keysOfSchema(node: JsonSchema, prefix = ''): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...keysOfSchema(child, `${prefix}${key}.`),
  ]);
  return node.items ? [...own, ...keysOfSchema(node.items, prefix)] : own;
}

describe('the same bytes', () => {
  const texts = (input: EnvironmentInput) => {
    const { components } = composed(input);
    return components.map((component) => renderComponent('random', component));
  };
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, shuffled(inner)]),
    );
  };

  test('come from the same environment, whatever the process environment', () => {
    const kept = { ...process.env };
    const first = inputs.slice(0, 25).map(texts);
    try {
      Object.assign(process.env, {
        CDK8S_DISABLE_SORT: '1',
        CDK8S_LEGACY_HASH: '1',
        CDK8S_RECORD_CONSTRUCT_METADATA: 'true',
        CDK8S_OUTDIR: '/nowhere',
        TZ: 'Asia/Kathmandu',
        LANG: 'tr_TR.UTF-8',
        LC_ALL: 'tr_TR.UTF-8',
      });
      expect(inputs.slice(0, 25).map(texts)).toEqual(first);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
      Object.assign(process.env, kept);
    }
  });

  test('come from the same environment with its keys in another order, but for what the order of keys says', () => {
    // The order of variables and of options is the person's: a later one may refer to an earlier.
    const ordered = ({ server, ...rest }: EnvironmentInput): EnvironmentInput => {
      const { env: _, options: __, ...others } = server ?? {};
      return { ...rest, server: others };
    };
    for (const input of inputs.slice(0, 25).map(ordered)) {
      expect(texts(shuffled(input) as EnvironmentInput)).toEqual(texts(input));
    }
  });
});

describe('every pod and container', () => {
  holds('satisfies Pod Security restricted in every field, and more', ({ pods }) => {
    expect(pods.length).toBeGreaterThan(0);
    for (const { spec, containers } of pods) {
      // The names of Kubernetes, which are not all those of cdk8s.
      const shared = ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'];
      none(Object.entries(spec).filter(([key, value]) => shared.includes(key) && value));
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(spec.securityContext?.runAsUser).toBeGreaterThanOrEqual(10_000);
      expect(spec.securityContext?.sysctls).toBeUndefined();
      const kinds = ['name', 'configMap', 'emptyDir', 'projected', 'secret', 'downwardAPI', 'persistentVolumeClaim'];
      none((spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((kind) => !kinds.includes(kind))));
      for (const { securityContext, ports = [] } of containers) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          capabilities: { drop: ['ALL'] },
        });
        expect(securityContext?.capabilities?.add).toBeUndefined();
        expect(securityContext?.runAsUser).toBeGreaterThanOrEqual(10_000);
        none(ports.filter(({ hostPort }) => hostPort !== undefined));
      }
    }
  });

  holds('has no token of a service account unless it makes Secrets, and no variables of Services', (environment) => {
    for (const { spec, labels } of environment.pods) {
      expect(spec.automountServiceAccountToken).toBe(labels['app.kubernetes.io/component'] === 'secret-generator');
      expect(spec.enableServiceLinks).toBe(false);
      // A token can be mounted by hand, too.
      none((spec.volumes ?? []).filter((volume) => 'projected' in volume));
    }
    const accounts = all(environment.objects, 'ServiceAccount');
    for (const account of accounts) expect(account.automountServiceAccountToken).toBe(false);
    // Each component has an account of its own, so that the rights of one are not those of another.
    const used = environment.pods.map(({ spec, labels }) => [
      spec.serviceAccountName,
      labels['app.kubernetes.io/component'],
    ]);
    expect(new Set(used.map(([name]) => name)).size).toBe(new Set(used.map(([, component]) => component)).size);
    expect(accounts.map(({ metadata }) => metadata?.name).sort()).toEqual(
      [...new Set(used.map(([name]) => name))].sort(),
    );
  });

  holds('asks for CPU, memory and disk, and for no more than its limits', ({ containers }) => {
    for (const { resources } of containers) {
      for (const name of ['cpu', 'memory', 'ephemeral-storage']) {
        const [request, limit] = [amount(resources?.requests?.[name]), amount(resources?.limits?.[name])];
        expect(request).toBeGreaterThan(0);
        expect(limit).toBeGreaterThanOrEqual(request);
      }
    }
  });

  holds('may write to /tmp, and what is on the disk of the node has a size that its limit covers', ({ pods }) => {
    for (const { spec, containers } of pods) {
      const scratch = (spec.volumes ?? []).flatMap(({ emptyDir }) => emptyDir ?? []);
      for (const { sizeLimit } of scratch) expect(amount(sizeLimit)).toBeGreaterThan(0);
      const onDisk = scratch.filter(({ medium }) => medium === undefined).map(({ sizeLimit }) => amount(sizeLimit));
      const needed = onDisk.reduce((sum, size) => sum + size, 0);
      // It writes nothing.
      for (const { name, volumeMounts } of containers)
        if (name !== 'metrics') expect(volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' });
      // A node counts what all containers of a pod may use, and those that prepare one by one.
      const disk = ({ resources }: Container) => amount(resources?.limits?.['ephemeral-storage']);
      const together = spec.containers.reduce((sum, each) => sum + disk(each), 0);
      for (const limit of [together, ...(spec.initContainers ?? []).map(disk)]) expect(limit).toBeGreaterThan(needed);
    }
  });

  holds('of the server starts in /tmp, which is as large as the environment says', ({ objects, given }) => {
    const [server] = podsOf(playing(objects, 'server'));
    const volume = server?.spec.volumes?.find(({ name }) => name === 'tmp');
    expect(amount(volume?.emptyDir?.sizeLimit)).toBe(amount(given.server.temporaryStorage));
    for (const { name, workingDir } of server?.containers ?? [])
      expect([name, workingDir]).toEqual([name, name === 'metrics' ? undefined : '/tmp']);
  });

  holds('is of an image that the environment names, pulled as it says', ({ pods, given, environment }) => {
    const named = (image?: { repository: string; tag: string; digest?: string }) =>
      image && `${image.repository}:${image.tag}${image.digest ? `@${image.digest}` : ''}`;
    const images: Record<string, string | undefined> = {
      server: environment.image.reference,
      'secret-generator': environment.image.reference,
      'garbage-collection': environment.image.reference,
      'smoke-test': environment.image.reference,
      database: named(given.database.embedded?.image),
      'object-store': named(given.artifacts.embedded?.image),
      backup: environment.image.reference,
    };
    const client = { repository: 'docker.io/library/postgres', tag: '17.11-trixie', ...given.backup?.image };
    const ownClient = Object.keys(given.backup?.image ?? {}).length > 0 ? undefined : images.database;
    for (const { spec, labels, containers } of pods) {
      expect(spec.imagePullSecrets).toEqual(given.image.pullSecret ? [{ name: given.image.pullSecret }] : undefined);
      for (const { name, image, imagePullPolicy } of containers) {
        const isClient = name === 'postgresql-client';
        expect(image).toBe(
          isClient ? (ownClient ?? named(client)) : images[labels['app.kubernetes.io/component'] ?? ''],
        );
        expect(imagePullPolicy).toBe(given.image.pullPolicy);
      }
    }
  });

  holds('runs where the environment says, and nowhere else', ({ pods, given: { server } }) => {
    const filled = <T extends object>(value: T) => (Object.keys(value).length > 0 ? value : undefined);
    for (const { spec } of pods) {
      expect(spec.nodeSelector).toEqual(filled(server.nodeSelector));
      expect(spec.tolerations).toEqual(filled(server.tolerations));
      expect(spec.priorityClassName).toBe(server.priorityClassName);
    }
  });

  holds('has no secret on its command line or in a plain variable', ({ containers, given }) => {
    for (const { command = [], args = [], env = [], lifecycle } of containers) {
      const words = [...command, ...args, ...(lifecycle?.preStop?.exec?.command ?? [])];
      // How many characters a key of a generated Secret gets is no secret.
      const told = words.filter((word) => !/^--(random=[^=]+=\d+|copy=[^=]+=[^=]+)$/.test(word));
      none(told.filter((word) => /\/\/[^/@]*@|\$\(|password|secret_?key/i.test(word)));
      const own = env.filter(({ name }) => !Object.hasOwn(given.server.env, name));
      const telling = own.filter(
        ({ name, value }) => value !== undefined && /PASSW|SECRET|_KEY$|TOKEN|KEY_ID/i.test(name),
      );
      none(telling.filter(({ value }) => !/^\$\([A-Z_]+\)$/.test(value ?? '')));
    }
  });

  holds('sets each variable once, and expands only what was set before', ({ containers, given }) => {
    for (const { env = [] } of containers) {
      const names = env.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      env.forEach(({ name, value }, index) => {
        if (Object.hasOwn(given.server.env, name)) return;
        const expanded = /^\$\((\w+)\)$/.exec(value ?? '')?.[1];
        if (expanded) expect(names.slice(0, index)).toContain(expanded);
      });
    }
  });

  holds('gets the variables of the environment file as they were written', ({ objects, given }) => {
    expect(variables(container(objects, 'server'))).toMatchObject(given.server.env);
  });
});

/** The Secrets that an environment names, and those that it leaves to its own name. */
const secretsOf = ({ name, database, artifacts, auth, backup, monitoring }: Environment) => ({
  copies: backup?.destination.s3?.credentials.secret ?? `${name}-backup-s3-secret`,
  database: database.credentials.secret ?? `${name}-db-credentials`,
  store: artifacts.s3.credentials.secret ?? `${name}-s3-secret`,
  login: auth.secret ?? `${name}-basic-auth`,
  users: auth.users.map((user) => user.secret ?? `${name}-user-${user.name}`),
  scraper: monitoring.metrics?.credentials.secret ?? `${name}-metrics`,
});

/** A quantity as a number: read by another way than the product's. */
function amount(quantity: string | number | undefined): number {
  const [, number, suffix = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(String(quantity)) ?? [];
  const factors: Record<string, number> = { '': 1, m: 0.001, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
  const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'].indexOf(suffix) + 1;
  return Number(number) * (binary > 0 ? 2 ** (10 * binary) : (factors[suffix] ?? Number.NaN));
}

describe('selectors and references', () => {
  holds('meet exactly the pods of their own component', ({ objects, pods }) => {
    for (const object of objects) {
      for (const { path, value } of walk(object).filter(({ path }) => /(elector)$/.test(path))) {
        if (/\/(nodeSelector|namespaceSelector)$/.test(path) || /\/(from|to)\//.test(path) || !isRecord(value))
          continue;
        const wanted = object.metadata.labels?.['app.kubernetes.io/component'];
        const met = pods.filter(({ labels }) => selects(value, labels));
        expect([...new Set(met.map(({ labels }) => labels['app.kubernetes.io/component']))]).toEqual([wanted]);
        // A pod of another component, or of another instance beside it, is not met.
        for (const label of ['app.kubernetes.io/component', 'app.kubernetes.io/instance', 'app.kubernetes.io/name']) {
          expect(selects(value, { ...met[0]?.labels, [label]: 'other' })).toBe(false);
        }
      }
    }
  });

  holds('of the Service and of the probes lead to a port of the server', ({ objects }) => {
    const server = container(objects, 'server');
    const ports = (server.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]);
    const { startupProbe, readinessProbe, livenessProbe } = server;
    const probes = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet ?? probe?.tcpSocket);
    const named = [
      ...(all(playing(objects, 'server'), 'Service')[0]?.spec?.ports ?? []).map(({ targetPort }) => targetPort),
      ...probes.map((p) => p?.port),
    ];
    expect(named).toHaveLength(4);
    none(named.filter((port) => !ports.includes(port)));
    expect(server.command).toContain('--port=5000');
    expect(ports).toContain(5000);
  });

  holds('find what they name, or the environment names it', ({ objects, pods, given }) => {
    const declared = new Set(walk([given, secretsOf(given)]).map(({ value }) => value));
    const copies = given.backup?.destination.claim;
    const made = (kind: string, name: string | undefined) =>
      objects.some((object) => object.kind === kind && object.metadata.name === name);
    for (const { spec, containers, owner } of pods) {
      const volumes = spec.volumes ?? [];
      expect(made('ServiceAccount', spec.serviceAccountName)).toBe(true);
      none(
        containers.flatMap(({ volumeMounts = [] }) =>
          volumeMounts.filter(({ name }) => !volumes.some((v) => v.name === name)),
        ),
      );
      none(volumes.filter(({ name }) => !containers.some((c) => c.volumeMounts?.some((mount) => mount.name === name))));
      for (const { path, value } of walk(owner)) {
        if (!isRecord(value)) continue;
        const kind = {
          secretKeyRef: 'Secret',
          secretRef: 'Secret',
          secret: 'Secret',
          configMapRef: 'ConfigMap',
          configMap: 'ConfigMap',
        }[path.split('/').at(-1) ?? ''];
        const name = value.secretName ?? value.name;
        if (kind && !made(kind, String(name))) expect(declared).toContain(name);
        // One that is there already, if the environment says so.
        const isCopies = value.claimName === copies?.name && copies?.create === false;
        if (path.endsWith('/persistentVolumeClaim') && !isCopies)
          expect(made('PersistentVolumeClaim', String(value.claimName))).toBe(true);
        // The state of a sealed Secret is a key that synth adds.
        const isState = String(value.key).startsWith('SEALED_');
        if (path.endsWith('/secretKeyRef') && !isState) expect(declared).toContain(value.key);
      }
    }
  });

  holds('read certificates from where they are mounted', ({ objects, given }) => {
    for (const name of ['server', 'prepare']) {
      const { volumeMounts = [], ...rest } = container(objects, name);
      const { PGSSLROOTCERT, AWS_CA_BUNDLE, PGSSLMODE } = variables(rest);
      expect(PGSSLROOTCERT !== undefined).toBe(given.database.tls.ca !== undefined);
      expect(AWS_CA_BUNDLE !== undefined).toBe(given.artifacts.s3.tls.ca !== undefined);
      if (PGSSLMODE?.startsWith('verify')) expect(PGSSLROOTCERT).toBeDefined();
      for (const file of [PGSSLROOTCERT, AWS_CA_BUNDLE]) {
        if (file)
          expect(volumeMounts.some(({ mountPath, readOnly }) => readOnly && file.startsWith(`${mountPath}/`))).toBe(
            true,
          );
      }
    }
  });
});

/** The components whose pods are among peers of a policy; a peer that is more than pods of the instance's own namespace is named whole. */
function partsOf(peers: readonly object[], pods: readonly MadePod[]): string[] {
  const met = peers.flatMap((peer) => {
    const { podSelector, ...more } = peer as { podSelector?: Record<string, unknown> };
    if (!podSelector || Object.keys(more).length > 0) return [JSON.stringify(peer)];
    return pods
      .filter(({ labels }) => selects(podSelector, labels))
      .map(({ labels }) => labels['app.kubernetes.io/component']);
  });
  return [...new Set(met.map(String))];
}

/** What a value of a label may be. */
const LABEL_VALUE = /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

describe('every object', () => {
  holds(
    'has our labels, which win, and the labels and annotations of the environment',
    ({ objects, pods, given, version }) => {
      const ours = {
        'app.kubernetes.io/name': 'mlflow',
        'app.kubernetes.io/instance': given.name,
        'app.kubernetes.io/part-of': 'mlflow',
        'app.kubernetes.io/managed-by': 'cdk8s-mlflow',
      };
      const { 'app.kubernetes.io/name': _, 'app.kubernetes.io/component': __, ...labels } = given.labels;
      const { 'checksum/scripts': ___, 'argocd.argoproj.io/sync-options': ____, ...annotations } = given.annotations;
      // Of a store, its own version: the release of MLflow is not its business.
      const tags: Record<string, string | undefined> = {
        database: given.database.embedded?.image.tag,
        'object-store': given.artifacts.embedded?.image.tag,
      };
      for (const { metadata } of objects) {
        expect(metadata.labels).toMatchObject({ ...labels, ...ours });
        const { 'app.kubernetes.io/version': its = '', 'app.kubernetes.io/component': part = '' } =
          metadata.labels ?? {};
        expect(part).toMatch(/^[a-z-]+$/);
        if (its !== version && its !== 'patched') expect(tags[part]).toContain(its);
        none(Object.values(metadata.labels ?? {}).filter((value) => !LABEL_VALUE.test(value)));
        const own = { ...given.service.annotations, ...given.monitoring.dashboard?.annotations };
        const others = Object.entries(annotations).filter(([key]) => !Object.hasOwn(own, key));
        expect(metadata.annotations ?? {}).toMatchObject(Object.fromEntries(others));
      }
      for (const pod of pods) {
        expect(pod.labels).toMatchObject({ ...labels, ...ours });
        none(Object.values(pod.labels).filter((value) => !LABEL_VALUE.test(value)));
        const tag = tags[pod.labels['app.kubernetes.io/component'] ?? ''];
        expect(tag ?? version).toContain(pod.labels['app.kubernetes.io/version']);
        const scripted = pod.spec.volumes?.some(({ name }) => name === 'scripts');
        if (scripted) expect(pod.annotations['checksum/scripts']).toMatch(/^[0-9a-f]{32}$/);
        else expect(pod.annotations['checksum/scripts']).toBe(given.annotations['checksum/scripts']);
      }
    },
  );

  holds('has a name of its own, and a namespace exactly when its kind has one', ({ objects, given }) => {
    const identities = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    const clients = given.clients.map(({ namespace }) => namespace);
    const forClients = ['ConfigMap', 'SealedSecret', 'ExternalSecret', 'Role', 'RoleBinding'];
    expect(new Set(identities).size).toBe(identities.length);
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
      // The names of these become values of labels, of a StatefulSet's with 11 characters more.
      const longest = { Job: 63, Service: 63, Namespace: 63, StatefulSet: 52 }[kind] ?? 253;
      expect(metadata.name.length).toBeLessThanOrEqual(longest);
      const places = forClients.includes(kind) ? [given.namespace.name, ...clients] : [given.namespace.name];
      expect(kind === 'Namespace' ? [undefined] : places).toContain(metadata.namespace);
    }
    expect(all(objects, 'Namespace')).toHaveLength(given.namespace.create ? 1 : 0);
  });

  holds('has no null, no empty map or list, and nothing that Flux substitutes', ({ objects }) => {
    const substituted = '$' + '{';
    const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
    const wrong = objects.flatMap((object) =>
      walk(object).filter(
        ({ path, value }) =>
          value === null ||
          value === undefined ||
          isEmpty(value) ||
          path.includes(substituted) ||
          (typeof value === 'string' && value.includes(substituted)),
      ),
    );
    none(wrong);
  });

  holds('says the protocol of every port', ({ objects }) => {
    for (const { path, value } of objects.flatMap((object) => walk(object))) {
      if (!path.endsWith('/ports') || !Array.isArray(value)) continue;
      none(value.filter((port) => !isRecord(port) || !['TCP', 'UDP'].includes(String(port.protocol))));
    }
  });

  // Reading is slow, and an eighth of the environments has every kind of value.
  const readsBack = ({ components }: Valid) => {
    for (const component of components) {
      const text = renderComponent('random', component);
      for (const version of ['1.1', '1.2'] as const) {
        const documents = [...parseAllDocuments(text, { version, logLevel: 'error' })];
        none(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]));
        expect(documents.map((document) => document.toJS())).toEqual(component.objects);
      }
    }
  };
  holds('is read back from its file as it is, by YAML 1.1 as by YAML 1.2', readsBack, 8);

  test('is read back as it is, whatever a text holds', () => {
    const annotations = Object.fromEntries(TRICKY.map((text, index) => [`note-${index}`, text]));
    const env = Object.fromEntries(TRICKY.map((text, index) => [`V_${index}`, text]));
    const objects = objectsOf({ ...SMALLEST, annotations, server: { env } });
    const text = renderComponent('tricky', { name: 'all', objects });
    for (const version of ['1.1', '1.2'] as const) {
      expect(parseAllDocuments(text, { version }).map((document) => (document as { toJS(): unknown }).toJS())).toEqual(
        objects,
      );
    }
    expect(variables(container(objects, 'server'))).toMatchObject(env);
  });

  test('holds no character that kubectl refuses or takes for the end of a line', () => {
    // Run with kubectl 1.36: control characters are an error, and what Unicode calls a line separator vanishes.
    const hidden = ['\u007f', '\u0080', '\u009f', 'a\u0085b', '\u2028 x', 'x\u2029', '\ufffe', '\uffff', ...TRICKY];
    const annotations = Object.fromEntries(hidden.map((text, index) => [`note-${index}`, text]));
    // The environment refuses the first of them; the writer must not depend on it.
    const objects = objectsOf(SMALLEST).map((object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
    const text = renderComponent('hidden', { name: 'all', objects });
    expect(text.match(/[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu)).toBeNull();
    expect(parseAllDocuments(text).map((document) => (document as { toJS(): unknown }).toJS())).toEqual(objects);
  });
});

describe('the release', () => {
  const options = ({ objects }: Valid) => {
    const { command = [] } = container(objects, 'server');
    return command.slice(command.indexOf('server') + 1);
  };

  holds('knows every option that it is started with', (environment) => {
    const since: Record<string, string> = Object.fromEntries(
      Object.entries(OPTIONS).map(([name, option]) => [name, option.since]),
    );
    const always = ['host', 'port', 'workers', 'backend-store-uri', 'serve-artifacts', 'no-serve-artifacts'];
    const ours = ['artifacts-destination', 'default-artifact-root', 'app-name', 'static-prefix', 'expose-prometheus'];
    for (const name of [...always, ...ours]) {
      since[name] = '3.1.0';
    }
    for (const word of options(environment)) {
      const name = /^--([a-z-]+)(=|$)/.exec(word)?.[1] ?? word;
      expect(Object.keys(since)).toContain(name);
      expect([name, atLeast(environment.version, since[name] ?? '')]).toEqual([name, true]);
    }
  });

  holds(
    'gets no variable of another server program, nor one that it does not know yet',
    ({ objects, given, version }) => {
      const names = Object.keys(variables(container(objects, 'server'))).filter(
        (name) => !Object.hasOwn(given.server.env, name),
      );
      const is = (pattern: RegExp) => names.filter((name) => pattern.test(name));
      if (atLeast(version, '3.3.0')) none(is(/^GUNICORN_/));
      else none(is(/^UVICORN_/));
      expect(names.includes('MLFLOW_SERVER_ALLOWED_HOSTS')).toBe(atLeast(version, '3.5.0'));
      expect(names.includes('MLFLOW_SERVER_ENABLE_JOB_EXECUTION')).toBe(atLeast(version, '3.5.0'));
      if (!atLeast(version, '3.5.0')) none(is(/^MLFLOW_SERVER_/));
    },
  );

  holds('decides whether the end of a pod must be passed on to its children', ({ objects, version, given }) => {
    const stop = container(objects, 'server').lifecycle?.preStop?.exec?.command ?? [];
    expect(stop.slice(0, 2)).toEqual(['python', '/scripts/stop.py']);
    expect(stop.includes('--terminate-children')).toBe(!atLeast(version, '3.10.0'));
    expect(Number(stop[2])).toBeLessThan(given.server.gracePeriod);
  });

  holds('decides how passwords are remembered, and the programs for it are there', ({ objects, version, given }) => {
    const server = variables(container(objects, 'server'));
    const prepare = variables(container(objects, 'prepare'));
    const scripts = Object.keys(all(playing(objects, 'server'), 'ConfigMap')[0]?.data ?? {});
    const wanted = given.auth.enabled && given.auth.cacheSeconds > 0;
    const module = wanted && !atLeast(version, '3.3.0');
    expect(prepare.PREPARE_AUTH_CACHE_SECONDS !== undefined).toBe(wanted && atLeast(version, '3.12.0'));
    expect(prepare.PREPARE_AUTHORIZATION_FUNCTION !== undefined).toBe(module);
    // Always: pods of another release still read from the same ConfigMap during an upgrade.
    const jobs = [
      ...(given.garbageCollection ? ['collect_garbage.py', 'garbage.py', 'maintenance.py'] : []),
      ...(given.smokeTest.enabled ? ['smoke_test.py'] : []),
    ];
    const always = ['mlflow_auth_cached.py', 'prepare.py', 'prepare_users.py', 'program.py', 'stop.py'];
    expect(scripts).toEqual([...always, 'export_metrics.py', 'start.py', ...jobs].sort());
    if (module && !Object.hasOwn(given.server.env, 'PYTHONPATH')) expect(server.PYTHONPATH).toBe('/scripts');
  });

  holds('has a login exactly when authentication is on', (environment) => {
    const { enabled } = environment.given.auth;
    const server = variables(container(environment.objects, 'server'));
    const prepare = variables(container(environment.objects, 'prepare'));
    expect(options(environment).includes('--app-name=basic-auth')).toBe(enabled);
    for (const name of ['MLFLOW_AUTH_CONFIG_PATH', 'MLFLOW_FLASK_SERVER_SECRET_KEY'])
      expect(name in server).toBe(enabled);
    for (const name of ['PREPARE_ADMIN_USERNAME', 'PREPARE_AUTH_DATABASE']) expect(name in prepare).toBe(enabled);
  });
});

describe('the cluster', () => {
  const mostPods = ({ replicas = 1, autoscaling }: Valid['given']['server']) => autoscaling?.maxReplicas ?? replicas;

  holds('has one who decides the number of pods', ({ objects, given }) => {
    const { autoscaling, replicas = 1 } = given.server;
    const deployment = one(objects, 'Deployment');
    expect(deployment.spec?.replicas).toBe(autoscaling ? undefined : replicas);
    const scalers = all(objects, 'HorizontalPodAutoscaler');
    expect(scalers.map(({ spec }) => spec?.scaleTargetRef)).toEqual(
      autoscaling ? [{ apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.metadata?.name }] : [],
    );
    for (const { spec } of scalers) {
      expect(spec).toMatchObject({ minReplicas: autoscaling?.minReplicas, maxReplicas: autoscaling?.maxReplicas });
    }
  });

  holds('has connections enough for every pod of a rollout', ({ objects, given, environment }) => {
    const { strategy } = one(objects, 'Deployment').spec ?? {};
    // Pods that end and pods that start, together.
    const pods = Math.max(mostPods(given.server), 1) * (strategy?.type === 'RollingUpdate' ? 2 : 1);
    const { MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: size, MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: overflow } = variables(
      container(objects, 'server'),
    );
    expect(Number(size)).toBeGreaterThan(0);
    expect(Number(overflow)).toBeGreaterThan(0);
    const each = environment.server.workers * 3 * (Number(size) + Number(overflow)) + 3;
    expect(pods * each).toBeLessThanOrEqual(given.database.maxConnections);
  });

  holds('keeps a volume that cannot be shared to one pod at a time', ({ objects, given }) => {
    const { replicas = 1, strategy } = one(objects, 'Deployment').spec ?? {};
    const { mountPath, accessMode } = given.storage.data ?? {};
    const mounted = container(objects, 'server').volumeMounts?.some((mount) => mount.mountPath === mountPath);
    expect(mounted).toBe(mountPath !== undefined);
    if (mountPath && accessMode !== 'ReadWriteMany') {
      expect(strategy).toEqual({ type: 'Recreate' });
      expect(replicas).toBeLessThanOrEqual(1);
      expect(all(objects, 'HorizontalPodAutoscaler')).toEqual([]);
    }
    // A surplus pod that must keep off every node would wait for ever.
    const [maxSurge, maxUnavailable] = given.availability.antiAffinity === 'required' ? [0, 1] : [1, 0];
    if (strategy?.type === 'RollingUpdate') expect(strategy.rollingUpdate).toEqual({ maxSurge, maxUnavailable });
    else expect(strategy?.rollingUpdate).toBeUndefined();
  });

  holds('keeps pods apart from two replicas on, unless told otherwise', ({ objects, pods, given }) => {
    const several = mostPods(given.server) > 1;
    const { disruptionBudget, topologySpread, antiAffinity } = given.availability;
    expect(all(objects, 'PodDisruptionBudget')).toHaveLength((disruptionBudget ?? several) ? 1 : 0);
    for (const { spec, labels } of pods) {
      const isServer = labels['app.kubernetes.io/component'] === 'server';
      const apart = antiAffinity === undefined ? several : antiAffinity !== 'none';
      expect(spec.topologySpreadConstraints !== undefined).toBe(isServer && (topologySpread ?? several));
      expect(spec.affinity !== undefined).toBe(isServer && apart);
    }
    for (const budget of all(objects, 'PodDisruptionBudget')) expect(budget.spec?.maxUnavailable).toBe(1);
  });

  holds('has a policy for the pods of each component, in both directions, or none at all', (environment) => {
    const policies = all(environment.objects, 'NetworkPolicy');
    const enabled = environment.given.networkPolicy.enabled;
    for (const { spec } of policies) expect(spec?.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const { labels } of environment.pods) {
      const covering = policies.filter(({ spec }) => selects({ ...spec?.podSelector }, labels));
      expect(covering).toHaveLength(enabled ? 1 : 0);
    }
    const components = new Set(environment.pods.map(({ labels }) => labels['app.kubernetes.io/component']));
    expect(policies).toHaveLength(enabled ? components.size : 0);
  });

  holds(
    'lets nobody but the server, backups and what collects garbage reach a store, a store reach nobody, and nobody reach what makes Secrets',
    (of) => {
      const { backup, garbageCollection } = of.given;
      const collector = garbageCollection ? ['garbage-collection'] : [];
      const users = {
        database: ['server', ...(backup ? ['backup'] : []), ...collector],
        'object-store': ['server', ...(backup?.artifacts ? ['backup'] : []), ...collector],
      };
      for (const part of ['database', 'object-store'] as const) {
        for (const { spec } of all(playing(of.objects, part), 'NetworkPolicy')) {
          expect(spec?.egress).toBeUndefined();
          const peers = (spec?.ingress ?? []).flatMap(({ from = [] }) => from);
          expect(partsOf(peers, of.pods)).toEqual(users[part]);
        }
      }
      for (const { spec } of all(playing(of.objects, 'secret-generator'), 'NetworkPolicy')) {
        expect(spec?.ingress).toBeUndefined();
        const ports = (spec?.egress ?? []).flatMap((rule) => rule.ports ?? [{ port: 'any' }]);
        expect(ports.map(({ port }) => port)).toEqual([443, 6443, 8443, 16443]);
      }
    },
  );

  holds('lets Jobs beside the server reach it and what they use, and nobody reach them', ({ objects, pods, given }) => {
    const named = given.networkPolicy.egress.length;
    for (const part of ['garbage-collection', 'smoke-test']) {
      for (const { spec } of all(playing(objects, part), 'NetworkPolicy')) {
        expect(spec?.ingress).toBeUndefined();
        const rules = spec?.egress ?? [];
        expect(rules.at(-1)?.ports).toEqual([{ port: 5000, protocol: 'TCP' }]);
        expect(partsOf(rules.at(-1)?.to ?? [], pods)).toEqual(['server']);
        const stores = part === 'garbage-collection' ? 2 : given.artifacts.access === 'direct' ? 1 : 0;
        expect(rules).toHaveLength(1 + stores + named + 1);
      }
    }
  });

  holds('lets the server reach its own stores and no other pod beside them', ({ objects, pods, given }) => {
    for (const { spec } of all(playing(objects, 'server'), 'NetworkPolicy')) {
      const ports = { database: 5432, 'object-store': 7070 };
      for (const [part, port] of Object.entries(ports)) {
        const embedded = part === 'database' ? given.database.embedded : given.artifacts.embedded;
        if (!embedded) continue;
        const ours = (spec?.egress ?? []).slice(0, 3).filter((rule) => rule.ports?.some((each) => each.port === port));
        expect(ours.map(({ ports: all }) => all)).toEqual([[{ port, protocol: 'TCP' }]]);
        expect(partsOf(ours[0]?.to ?? [], pods)).toEqual([part]);
      }
    }
  });

  holds('lets out DNS, the database and S3, and in whom the environment names', ({ objects, environment, given }) => {
    const policies = all(playing(objects, 'server'), 'NetworkPolicy');
    expect(policies).toHaveLength(given.networkPolicy.enabled ? 1 : 0);
    for (const { spec } of policies) {
      const out = (spec?.egress ?? []).flatMap(({ ports = [] }) =>
        ports.map(({ port, protocol }) => `${protocol} ${port}`),
      );
      const url = new URL(environment.artifacts.s3.endpoint ?? 'https://s3.amazonaws.com');
      const s3 = url.port || (url.protocol === 'https:' ? 443 : 80);
      expect(out).toEqual(expect.arrayContaining(['UDP 53', 'TCP 53', `TCP ${given.database.port}`, `TCP ${s3}`]));
      none((spec?.egress ?? []).filter(({ to = [] }) => to.length === 0));
      const text = JSON.stringify(spec?.ingress);
      const { namespaces, pods, cidrs } = given.networkPolicy.clients;
      for (const name of [given.namespace.name, ...namespaces, ...cidrs]) expect(text).toContain(JSON.stringify(name));
      for (const { labels } of pods)
        for (const [key, value] of Object.entries(labels))
          expect(text).toContain(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
      for (const { from = [], ports = [] } of spec?.ingress ?? []) {
        expect(from.length).toBeGreaterThan(0);
        const scraped = ports[0]?.port === 5001;
        if (scraped)
          expect([from, given.monitoring.metrics?.scraper.namespace]).toEqual([[expect.anything()], expect.anything()]);
        expect(ports).toEqual([{ port: scraped ? 5001 : 5000, protocol: 'TCP' }]);
      }
      const open = text.includes('0.0.0.0/0');
      const meant = [...cidrs, ...given.service.sourceRanges].includes('0.0.0.0/0');
      const { type, sourceRanges, externalTrafficPolicy } = given.service;
      const filtered = sourceRanges.length > 0 && externalTrafficPolicy === 'Local';
      const outside = type !== 'ClusterIP' && cidrs.length === 0 && !filtered;
      expect(open).toBe(outside || (meant && open));
    }
  });

  holds('has a claim for whatever is kept, in the file of claims and nowhere else', (environment) => {
    const { objects, components, given } = environment;
    const claims = all(objects, 'PersistentVolumeClaim');
    const copies = given.backup?.destination.claim?.create;
    const wanted = [given.storage.data, given.database.embedded, given.artifacts.embedded, copies].filter(Boolean);
    expect(claims).toHaveLength(wanted.length);
    for (const { name, objects: own } of components) {
      none(own.filter(({ kind }) => (kind === 'PersistentVolumeClaim') !== (name === 'storage')));
    }
    none(walk(objects).filter(({ path }) => path.endsWith('/volumeClaimTemplates')));
    // Each by one component at most: nothing mounts what another writes to.
    const mounted = environment.pods.flatMap(({ spec, labels }) =>
      (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
        claim ? [`${claim.claimName} ${labels['app.kubernetes.io/component']}`] : [],
      ),
    );
    expect(new Set(mounted.map((each) => each.split(' ')[0])).size).toBe(new Set(mounted).size);
  });

  holds(
    'gives an embedded PostgreSQL more connections than MLflow takes, and the memory for them beside a quarter for all',
    (environment) => {
      for (const { containers } of podsOf(playing(environment.objects, 'database'))) {
        const { command = [], resources } = containers.find(({ name }) => name === 'postgresql') ?? {};
        const settings = Object.fromEntries(
          command.filter((word) => word.startsWith('--')).map((word) => word.split('=')),
        );
        // Three are kept for its superuser.
        const connections = Number(settings['--max_connections']);
        expect(connections).toBeGreaterThan(environment.given.database.maxConnections + 3);
        const [, megabytes] = /^(\d+)MB$/.exec(settings['--shared_buffers']) ?? [];
        const quarter = amount(resources?.limits?.memory) / 4;
        expect(Number(megabytes) * 2 ** 20).toBeLessThanOrEqual(quarter);
        expect((Number(megabytes) + 1) * 2 ** 20).toBeGreaterThan(quarter);
        expect((Number(megabytes) + 2 * connections) * 2 ** 20).toBeLessThanOrEqual(4 * quarter);
      }
    },
  );

  holds('keeps what holds data when it leaves the output', ({ objects }) => {
    for (const { kind, metadata } of objects) {
      if (kind !== 'Namespace' && kind !== 'PersistentVolumeClaim') continue;
      expect(metadata.annotations).toMatchObject({
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      });
    }
  });
});

describe('generated Secrets', () => {
  /** The keys that a Job puts into the Secret that it makes, read from its command line. */
  const madeBy = ({ command = [] }: Container): string[] => {
    const [, , secret, ...words] = command;
    const keys = words.flatMap((word) => /^--(?:text|random)=([^=]+)=/.exec(word)?.[1] ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    return keys.map((key) => `${secret}/${key}`);
  };
  const made = ({ objects }: Valid) =>
    podsOf(playing(objects, 'secret-generator')).flatMap(({ containers }) => containers.flatMap(madeBy));

  /** The keys that the environment says somebody else makes. */
  const external = ({ given }: Valid) => {
    const { database, artifacts, auth, secrets, backup, monitoring } = given;
    const scraper = monitoring.metrics?.credentials;
    const copies = backup?.destination.s3?.credentials;
    const generated = secrets.provider === 'generated';
    const [db, s3, names] = [database.credentials, artifacts.s3.credentials, secretsOf(given)];
    return [
      ...(copies ? [copies.accessKeyIdKey, copies.secretAccessKeyKey].map((key) => `${names.copies}/${key}`) : []),
      ...(generated && database.embedded
        ? []
        : [db.usernameKey, db.passwordKey].map((key) => `${names.database}/${key}`)),
      ...(generated && artifacts.embedded
        ? []
        : [s3.accessKeyIdKey, s3.secretAccessKeyKey].map((key) => `${names.store}/${key}`)),
      ...(generated
        ? []
        : [auth.usernameKey, auth.passwordKey, auth.flaskSecretKeyKey].map((key) => `${names.login}/${key}`)),
      ...(generated
        ? []
        : auth.users.flatMap((user, index) =>
            [user.usernameKey, user.passwordKey].map((key) => `${names.users[index]}/${key}`),
          )),
      ...(generated || !scraper
        ? []
        : [scraper.usernameKey, scraper.passwordKey].map((key) => `${names.scraper}/${key}`)),
    ];
  };

  holds('are exactly what pods need and nobody else makes', (environment) => {
    const asVariables = environment.containers.flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => {
        const { name, key } = valueFrom?.secretKeyRef ?? {};
        return key && !key.startsWith('SEALED_') ? [`${name}/${key}`] : [];
      }),
    );
    const needed = [...asVariables, ...environment.pods.flatMap(({ spec }) => loginsAsFiles(spec))];
    const others = external(environment);
    const wanted = new Set(needed.filter((key) => !others.includes(key)));
    expect(made(environment).toSorted()).toEqual([...wanted].toSorted());
  });

  holds('are made with no more rights than that takes', ({ objects, given }) => {
    const jobs = all(objects, 'Job').map(({ metadata }) => metadata?.name);
    const secrets = podsOf(playing(objects, 'secret-generator')).flatMap(({ containers }) =>
      containers.map(({ command = [] }) => command[2]),
    );
    // A Secret that is not there yet cannot be named.
    const create = { apiGroups: [''], resources: ['secrets'], verbs: ['create'] };
    const rules = [
      create,
      { apiGroups: [''], resources: ['secrets'], resourceNames: secrets, verbs: ['get'] },
      { apiGroups: ['batch'], resources: ['jobs'], resourceNames: jobs, verbs: ['patch'] },
    ];
    const isOwn = ({ metadata }: { metadata?: { namespace?: string } }) => metadata?.namespace === given.namespace.name;
    const roles = all(objects, 'Role');
    expect(roles.filter(isOwn).map((role) => role.rules)).toEqual(jobs.length > 0 ? [rules] : []);
    for (const { metadata, rules: there } of roles.filter((role) => !isOwn(role))) {
      const { secret } = given.clients.find(({ namespace }) => namespace === metadata?.namespace) ?? {};
      const copies = [secret ?? `${given.name}-client`];
      expect(there).toEqual([
        create,
        { apiGroups: [''], resources: ['secrets'], resourceNames: copies, verbs: ['get', 'patch'] },
      ]);
    }
    const [account] = roles.filter(isOwn);
    expect(all(objects, 'RoleBinding').map(({ roleRef, subjects }) => [roleRef.name, subjects])).toEqual(
      roles.map(({ metadata }) => [
        metadata?.name,
        [{ kind: 'ServiceAccount', name: account?.metadata?.name, namespace: given.namespace.name }],
      ]),
    );
    none(objects.filter(({ kind }) => /^Cluster(Role|RoleBinding)$/.test(kind)));
    // One Secret, one Job: two would race for it.
    expect(new Set(secrets).size).toBe(secrets.length);
  });

  test('are made by a Job of another name exactly when anything in the Job is another', () => {
    // A Job cannot be changed; and one that is the same need not run again.
    const jobs = valid.flatMap(({ objects }) =>
      all(objects, 'Job').map(({ metadata, spec }) => ({
        name: metadata?.name ?? '',
        start: metadata?.name?.replace(/-[0-9a-f]{8}$/, '') ?? '',
        spec: JSON.stringify(spec?.template),
      })),
    );
    expect(jobs.length).toBeGreaterThan(50);
    none(jobs.filter(({ name, start }) => name === start));
    for (const start of new Set(jobs.map((job) => job.start))) {
      const alike = jobs.filter((job) => job.start === start);
      const different = (key: (job: (typeof jobs)[number]) => string) => new Set(alike.map(key)).size;
      const pairs = different(({ name, spec }) => `${name} ${spec}`);
      expect([different(({ name }) => name), different(({ spec }) => spec)]).toEqual([pairs, pairs]);
    }
  });
});

describe('a pod template', () => {
  const template = (input: EnvironmentInput, programs = PROGRAMS) =>
    one(objectsOf(input, programs), 'Deployment').spec?.template;

  const quiet: readonly [string, EnvironmentInput][] = [
    ['the type of the Service', { service: { type: 'NodePort', nodePort: 30800, externalTrafficPolicy: 'Local' } }],
    ['the port and annotations of the Service', { service: { port: 80, annotations: { 'example.com/a': 'b' } } }],
    ['the network policy', { networkPolicy: { clients: { namespaces: ['other'] }, egress: [{ cidr: '10.0.0.0/8' }] } }],
    ['no network policy', { networkPolicy: { enabled: false } }],
    ['the disruption budget', { availability: { disruptionBudget: true } }],
    [
      'the number of replicas, with room for their connections',
      { database: { ...SMALLEST.database, maxConnections: 10_000 } },
    ],
    ['the namespace object', { namespace: { create: false } }],
    ['a claim that nobody mounts', { storage: { data: {} } }],
  ];
  test.each(quiet)('stays as it is when nothing changes but %s', (_, change) => {
    const base: EnvironmentInput = change.database ? { ...SMALLEST, database: { ...change.database } } : SMALLEST;
    const more: EnvironmentInput = change.database
      ? { ...base, server: { replicas: 2 }, availability: { topologySpread: false, antiAffinity: 'none' } }
      : { ...base, ...change };
    expect(template(more)).toEqual(template(base));
  });

  test('changes when a program that it runs changes, and only then', () => {
    const [prepare, cache] = [
      { ...PROGRAMS, prepare: '# new' },
      { ...PROGRAMS, authenticationCache: '# new' },
    ];
    const old: EnvironmentInput = { ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } };
    expect(template(SMALLEST, prepare)).not.toEqual(template(SMALLEST));
    expect(template(SMALLEST, cache)).toEqual(template(SMALLEST));
    expect(template(old, cache)).not.toEqual(template(old));
  });

  test('is the same for an environment given as YAML and as JSON', () => {
    const environment = parse(
      'database: { host: postgres }\nartifacts: { s3: { bucket: artifacts } }',
    ) as EnvironmentInput;
    expect(resolved(environment)).toEqual({ ...resolved(SMALLEST), release: expect.anything() });
  });
});
