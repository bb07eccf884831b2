import type { Reference } from '../../components/shared/contributions/references';
import { claimsOf, providedReferences } from '../../environment/contributions';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Container, PodSpec, Volume } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import type { Rule, Violation } from './rule';
import { meets, podSelectorOf } from './selectors';
import { podsOf } from './workloads';

/** The client namespace of an object, or undefined for the namespace of the instance. */
type Where = (object: Manifest) => string;

/** A Secret that a controller creates from an object of the output, and its keys. */
interface MadeSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Every object that a pod or a binding refers to is in the output, or an external system creates it. */
export const referencesResolve: Rule = {
  name: 'references-resolve',
  reason:
    'a pod that names a missing Secret, key, volume or account waits forever, and a binding to a missing account or role grants nothing',
  patched: 'issue',
  check: (objects, environment) => {
    const declared = externalReferences(environment);
    // A patch may refer to an object of an external system; no key can declare that.
    const patches = JSON.stringify(environment.patches);
    const patched = ({ name }: Reference) => patches.includes(JSON.stringify(name));
    const named = [
      ...podsOf(objects).map(({ object, spec, containers }) => ({ object, named: podReferences(spec, containers) })),
      ...objects.map((object) => ({ object, named: bindingReferences(object) })),
    ];
    const clients = environment.clients.map(({ namespace }) => namespace);
    // Another rule reports objects in a foreign namespace.
    const where: Where = ({ metadata: { namespace = '' } }) => (clients.includes(namespace) ? namespace : '');
    const made = madeByName(objects, where);
    return named.flatMap(({ object, named }) =>
      named
        .filter(
          (reference) => !isMade(reference, where(object), made) && !declared.some((known) => covers(known, reference)),
        )
        .filter((reference) => !patched(reference))
        .map((reference) => ({
          object,
          message: `refers to ${reference.kind} ${reference.name}${reference.key ? ` with key ${reference.key}` : ''}, which neither the output nor the environment names (use one that exists)`,
        })),
    );
  },
};

/** Every mount has its volume, every named port of a probe is declared, and there are no duplicates. */
export const podsAreWhole: Rule = {
  name: 'pods-are-whole',
  reason:
    'the API server refuses a pod whose mounts or ports do not resolve; a variable that is set twice drifts forever',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, spec, containers }) => {
      const volumes = (spec.volumes ?? []).map(({ name }) => name);
      return [
        ...repeated(volumes).map((name) => ({ object, message: `has two volumes ${name} (rename one)` })),
        ...repeated(containers.map(({ name }) => name)).map((name) => ({
          object,
          message: `has two containers ${name} (rename one)`,
        })),
        ...containers.flatMap((container) => containerViolations(object, container, new Set(volumes))),
      ];
    }),
};

interface ServicePort {
  readonly port: number;
  readonly targetPort?: string | number;
}

/** A Service's target ports exist on the pods that it selects. */
export const servicePortsResolve: Rule = {
  name: 'service-ports-resolve',
  reason: 'a Service whose target port does not exist has endpoints that refuse every connection',
  patched: 'issue',
  check: (objects) =>
    objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap((object) => {
        const { ports = [] } = object.spec as { ports?: readonly ServicePort[] };
        const selected = podsOf(objects).filter(({ metadata }) => meets(podSelectorOf(object), metadata.labels));
        // Another rule reports selectors without a match.
        if (selected.length === 0) return [];
        const others = selected.map((pod) => pod.object);
        const declared = selected
          .flatMap(({ containers }) => containers.flatMap((container) => container.ports ?? []))
          .map(({ name }) => name);
        // A number needs no declaration.
        return ports
          .flatMap(({ targetPort }) => (typeof targetPort === 'string' ? targetPort : []))
          .filter((target) => !declared.includes(target))
          .map((target) => ({
            object,
            others,
            message: `targets port ${target}, which no pod has (use a declared port)`,
          }));
      }),
};

function containerViolations(object: Manifest, container: Container, volumes: ReadonlySet<string>): Violation[] {
  const variables = (container.env ?? []).map(({ name }) => name);
  const ports = new Set<unknown>((container.ports ?? []).map(({ name }) => name));
  const probed = [container.startupProbe, container.readinessProbe, container.livenessProbe]
    .map((probe) => (probe?.httpGet ?? probe?.tcpSocket)?.port as unknown)
    .filter((port) => typeof port === 'string');
  const violation = (message: string) => ({ object, message: `container ${container.name} ${message}` });
  return [
    ...(container.volumeMounts ?? [])
      .filter(({ name }) => !volumes.has(name))
      .map(({ name }) => violation(`mounts volume ${name}, which the pod does not have (add it)`)),
    ...repeated(variables).map((name) => violation(`sets ${name} twice (keep one)`)),
    ...repeated((container.volumeMounts ?? []).map(({ mountPath }) => mountPath)).map((path) =>
      violation(`mounts two volumes at ${path} (keep one)`),
    ),
    ...probed
      .filter((port) => !ports.has(port))
      .map((port) => violation(`is probed at port ${String(port)}, which it does not declare (declare it)`)),
  ];
}

const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

interface RoleLink {
  readonly kind?: string;
  readonly name?: string;
}

/** ClusterRoles of the cluster and accounts of other namespaces are not part of the output. */
function bindingReferences({ kind, metadata, ...fields }: Manifest): Reference[] {
  if (kind !== 'RoleBinding') return [];
  const { roleRef = {}, subjects = [] } = fields as {
    roleRef?: RoleLink;
    subjects?: readonly (RoleLink & { readonly namespace?: string })[];
  };
  const own = subjects.filter(({ namespace }) => namespace === metadata.namespace);
  return [
    ...(roleRef.kind === 'Role' ? [{ kind: 'Role' as const, name: roleRef.name ?? '' }] : []),
    ...own.flatMap((subject) =>
      subject.kind === 'ServiceAccount' ? [{ kind: subject.kind, name: subject.name ?? '' } as const] : [],
    ),
  ];
}

function podReferences(spec: PodSpec, containers: readonly Container[]): Reference[] {
  return [
    ...(spec.serviceAccountName ? [{ kind: 'ServiceAccount' as const, name: spec.serviceAccountName }] : []),
    ...(spec.imagePullSecrets ?? []).map(({ name }) => ({ kind: 'Secret' as const, name: name ?? '' })),
    ...containers.flatMap(containerReferences),
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

/** The objects that the output creates, by namespace, kind and name, with their keys. */
function madeByName(objects: readonly Manifest[], where: Where): ReadonlyMap<string, readonly string[]> {
  const id = (kind: string, object: Manifest, name = object.metadata.name) => `${where(object)}/${kind} ${name}`;
  return new Map([
    ...objects.map((object) => [id(object.kind, object), Object.keys(object.data ?? {})] as const),
    ...objects.flatMap((object) => {
      const secret = secretMadeBy(object);
      return secret ? [[id('Secret', object, secret.name), secret.keys] as const] : [];
    }),
  ]);
}

/** The Secret that a controller or an operator creates from an object. */
function secretMadeBy({ kind, metadata: { name }, spec }: Manifest): MadeSecret | undefined {
  if (kind === 'SealedSecret') {
    const { encryptedData = {}, template } = spec as SealedSpec;
    return { name, keys: [...Object.keys(encryptedData), ...Object.keys(template?.data ?? {})] };
  }
  if (kind !== 'ExternalSecret') return undefined;
  const { data = [], target } = spec as ExternalSpec;
  return { name: target?.name ?? name, keys: data.map(({ secretKey }) => secretKey) };
}

interface SealedSpec {
  readonly encryptedData?: object;
  readonly template?: { readonly data?: object };
}

interface ExternalSpec {
  readonly data?: readonly { readonly secretKey: string }[];
  readonly target?: { readonly name?: string };
}

function isMade({ kind, name, key }: Reference, where: string, made: ReadonlyMap<string, readonly string[]>): boolean {
  const keys = made.get(`${where}/${kind} ${name}`);
  return keys !== undefined && (key === undefined || keys.includes(key));
}

/**
 * What an external system creates: the Secrets that the environment names, unless the output provides them, and other
 * objects that pods refer to.
 */
function externalReferences(environment: ResolvedEnvironment): Reference[] {
  const { secrets, namespace, requiredSecrets } = environment;
  const isProvided = secrets.provider === 'sealed' || secrets.provider === 'external';
  const own = isProvided ? [] : requiredSecrets.filter((secret) => secret.namespace === namespace.name);
  return [
    ...own.flatMap(({ name, keys }) => [
      ...keys.map(({ key }) => ({ kind: 'Secret' as const, name, key })),
      // A node reads the whole Secret.
      ...keys.flatMap(({ reader }) => (reader === 'registry-credentials' ? [{ kind: 'Secret' as const, name }] : [])),
    ]),
    ...providedReferences(environment),
    ...claimsOf(environment).flatMap(({ claim, create }) =>
      create ? [] : [{ kind: 'PersistentVolumeClaim' as const, name: claim.name }],
    ),
  ];
}

const covers = (known: Reference, wanted: Reference) =>
  known.kind === wanted.kind && known.name === wanted.name && known.key === wanted.key;
