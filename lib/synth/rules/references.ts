import type { Container, PodSpec, Volume } from '../../constructs/kubernetes';
import type { ResolvedEnvironment } from '../../mlflow/resolved-environment';
import { type Manifest, podTemplate } from '../manifest';
import type { Finding, Rule } from './rule';

/** An object that another one names, with the key that it needs of it. */
interface Reference {
  readonly kind: 'Secret' | 'ConfigMap' | 'ServiceAccount' | 'PersistentVolumeClaim';
  readonly name: string;
  readonly key?: string;
}

/** Whatever a pod names is in the output, or the environment says that somebody else makes it. */
export const referencesResolve: Rule = {
  name: 'references-resolve',
  reason: 'a pod that names a missing Secret, key, volume or account waits for ever',
  check: (objects, environment) => {
    const declared = externalReferences(environment);
    // A patch may name what somebody else makes; there is no other key to declare that.
    const patches = JSON.stringify(environment.patches);
    const patched = ({ name }: Reference) => patches.includes(JSON.stringify(name));
    return pods(objects).flatMap(({ object, spec }) =>
      podReferences(spec)
        .filter((reference) => !isMade(reference, objects) && !declared.some((known) => covers(known, reference)))
        .filter((reference) => !patched(reference))
        .map((reference) => ({
          object,
          message: `names ${reference.kind} ${reference.name}${reference.key ? ` with key ${reference.key}` : ''}, which neither the output nor the environment knows (name one that is there)`,
        })),
    );
  },
};

/** Every mount has its volume, every named port of a probe is declared, and no variable is set twice. */
export const podsAreWhole: Rule = {
  name: 'pods-are-whole',
  reason: 'the API server refuses a pod whose mounts or ports do not resolve; a variable set twice drifts for ever',
  check: (objects) =>
    pods(objects).flatMap(({ object, spec }) => {
      const volumes = new Set((spec.volumes ?? []).map(({ name }) => name));
      return containersOf(spec).flatMap((container) => containerFindings(object, container, volumes));
    }),
};

interface ServicePort {
  readonly port: number;
  readonly targetPort?: string | number;
}

/** The Service's target ports exist on pods of the output. */
export const servicePortsResolve: Rule = {
  name: 'service-ports-resolve',
  reason: 'a Service whose target port is not there has endpoints that refuse every connection',
  check: (objects) =>
    objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap((object) => {
        const { ports = [] } = object.spec as { ports?: readonly ServicePort[] };
        const declared = pods(objects)
          .flatMap(({ spec }) => containersOf(spec).flatMap((container) => container.ports ?? []))
          .flatMap(({ name, containerPort }): unknown[] => [name, containerPort]);
        return ports
          .map(({ port, targetPort }) => targetPort ?? port)
          .filter((target) => !declared.includes(target))
          .map((target) => ({ object, message: `leads to port ${target}, which no pod has (name a declared port)` }));
      }),
};

function containerFindings(object: Manifest, container: Container, volumes: ReadonlySet<string>): Finding[] {
  const variables = (container.env ?? []).map(({ name }) => name);
  const ports = new Set<unknown>((container.ports ?? []).flatMap(({ name, containerPort }) => [name, containerPort]));
  const probed = [container.startupProbe, container.readinessProbe, container.livenessProbe]
    .map((probe) => (probe?.httpGet ?? probe?.tcpSocket)?.port as unknown)
    .filter((port) => port !== undefined);
  const finding = (message: string) => ({ object, message: `container ${container.name} ${message}` });
  return [
    ...(container.volumeMounts ?? [])
      .filter(({ name }) => !volumes.has(name))
      .map(({ name }) => finding(`mounts volume ${name}, which the pod does not have (add it)`)),
    ...variables
      .filter((name, index) => variables.indexOf(name) !== index)
      .map((name) => finding(`sets ${name} twice (keep one)`)),
    ...probed
      .filter((port) => !ports.has(port))
      .map((port) => finding(`is probed at port ${String(port)}, which it does not declare (declare it)`)),
  ];
}

function pods(objects: readonly Manifest[]) {
  return objects.flatMap((object) => {
    const template = podTemplate(object);
    return template ? [{ object, spec: template.spec }] : [];
  });
}

const containersOf = (spec: PodSpec): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
];

function podReferences(spec: PodSpec): Reference[] {
  return [
    ...(spec.serviceAccountName ? [{ kind: 'ServiceAccount' as const, name: spec.serviceAccountName }] : []),
    ...(spec.imagePullSecrets ?? []).map(({ name }) => ({ kind: 'Secret' as const, name: name ?? '' })),
    ...containersOf(spec).flatMap(containerReferences),
    ...(spec.volumes ?? []).flatMap(volumeReferences),
  ];
}

function containerReferences({ env = [], envFrom = [] }: Container): Reference[] {
  return [
    ...env.flatMap(({ valueFrom }): Reference[] => {
      const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
      if (secretKeyRef) return [{ kind: 'Secret', name: secretKeyRef.name ?? '', key: secretKeyRef.key }];
      if (configMapKeyRef) return [{ kind: 'ConfigMap', name: configMapKeyRef.name ?? '', key: configMapKeyRef.key }];
      return [];
    }),
    ...envFrom.flatMap(({ secretRef, configMapRef }): Reference[] => {
      if (secretRef) return [{ kind: 'Secret', name: secretRef.name ?? '' }];
      return configMapRef ? [{ kind: 'ConfigMap', name: configMapRef.name ?? '' }] : [];
    }),
  ];
}

function volumeReferences({ secret, configMap, persistentVolumeClaim }: Volume): Reference[] {
  const keyed = (kind: 'Secret' | 'ConfigMap', name: string, items: readonly { key: string }[] = []): Reference[] =>
    items.length > 0 ? items.map(({ key }) => ({ kind, name, key })) : [{ kind, name }];
  if (secret) return keyed('Secret', secret.secretName ?? '', secret.items);
  if (configMap) return keyed('ConfigMap', configMap.name ?? '', configMap.items);
  return persistentVolumeClaim ? [{ kind: 'PersistentVolumeClaim', name: persistentVolumeClaim.claimName }] : [];
}

function isMade(reference: Reference, objects: readonly Manifest[]): boolean {
  const object = objects.find(({ kind, metadata }) => kind === reference.kind && metadata.name === reference.name);
  if (!object || !reference.key) return object !== undefined;
  return Object.hasOwn((object.data as object | undefined) ?? {}, reference.key);
}

/** What somebody else makes: the Secrets that the environment names, and the ConfigMaps that it brings along. */
function externalReferences({ database, artifacts, auth, image, server }: ResolvedEnvironment): Reference[] {
  const { credentials } = artifacts.s3;
  const secret = (name: string, ...keys: string[]): Reference[] => keys.map((key) => ({ kind: 'Secret', name, key }));
  return [
    ...secret(database.credentials.secret, database.credentials.usernameKey, database.credentials.passwordKey),
    ...secret(credentials.secret, credentials.accessKeyIdKey, credentials.secretAccessKeyKey),
    ...(auth.enabled ? secret(auth.secret, auth.usernameKey, auth.passwordKey, auth.flaskSecretKeyKey) : []),
    ...(image.pullSecret ? [{ kind: 'Secret' as const, name: image.pullSecret }] : []),
    ...[database.tls.ca, artifacts.s3.tls.ca].flatMap((ca) => (ca ? sourceReferences(ca, ca.key) : [])),
    ...server.envFrom.flatMap((source) => sourceReferences(source)),
  ];
}

function sourceReferences(source: { configMap?: string; secret?: string }, key?: string): Reference[] {
  if (source.secret) return [{ kind: 'Secret', name: source.secret, key }];
  return source.configMap ? [{ kind: 'ConfigMap', name: source.configMap, key }] : [];
}

const covers = (known: Reference, wanted: Reference) =>
  known.kind === wanted.kind && known.name === wanted.name && known.key === wanted.key;
