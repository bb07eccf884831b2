import type { Reference } from '../../components/shared/contributions/references';
import { claimsOf, providedReferences } from '../../environment/contributions';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Container } from '../../kubernetes/objects';
import type { Manifest } from '../manifest';
import type { AddedObjects } from '../user-objects/user-object';
import { backendViolations } from './backends';
import { referencesIn, referencesSetBy } from './named-references';
import { type Rule, repeated, type Violation } from './rule';
import { secretMadeBy } from './secret-sources';
import { meets, podSelectorOf } from './selectors';
import { podsOf } from './workloads';

/** The client namespace of an object, or undefined for the namespace of the instance. */
type Where = (object: Manifest) => string;

/**
 * Every object that a pod or a binding refers to is in the output, or an external system creates it; and so is every
 * namespace.
 */
export const referencesResolve: Rule = {
  name: 'references-resolve',
  reason:
    'a pod that names a missing Secret, key, volume or account waits forever, a binding to a missing account or role grants nothing, and a missing namespace contains nothing',
  patched: 'issue',
  relates: true,
  check: (objects, environment, unpatched, added) => {
    const declared = externalReferences(environment);
    // There is no key to declare what else an external system provides, so a patch that adds a whole reference does.
    const patched = environment.patches.flatMap(({ operations }) => operations.flatMap(referencesSetBy));
    const clients = environment.clients.map(({ namespace }) => namespace);
    // Another rule reports objects in a foreign namespace.
    const where: Where = ({ metadata: { namespace = '' } }) => (clients.includes(namespace) ? namespace : '');
    const made = madeByName(objects, where);
    const madeBefore = madeByName(unpatched, where);
    const named = [
      ...podsOf(objects).map(({ object, spec }) => ({ object, named: referencesIn(spec) })),
      ...objects.map((object) => ({ object, named: bindingReferences(object) })),
    ];
    return [
      ...namespaceViolations(objects, environment, unpatched),
      ...objects.flatMap((object) => backendViolations(object, objects, added)),
      ...named.flatMap(({ object, named }) =>
        named.flatMap((reference): Violation[] => {
          const id = madeId(where(object), reference);
          const keys = made.has(id) ? made.get(id) : keysDeclared(reference, declared);
          const exists = made.has(id) ? hasKey(reference, keys) : declared.some((known) => equals(known, reference));
          const isPatched = patched.some((each) => equals(each, reference));
          // The keys of a known object are known, unless it is only declared as a whole.
          const isKnown = made.has(id) || (keys ?? []).length > 0;
          if (exists || (isPatched && (isKnown ? hasKey(reference, keys) : !madeBefore.has(id)))) return [];
          const { kind, name, key } = reference;
          if (!isKnown && added.has(object) && isElsewhere(reference, added)) return [];
          const others = unpatched.filter((each) => each.kind === kind && each.metadata.name === name);
          const message =
            isKnown && key !== undefined
              ? `refers to key ${key} of ${kind} ${name}, which has only ${[...new Set(keys)].join(', ') || 'none'} (use one of them)`
              : `refers to ${kind} ${name}${key ? ` with key ${key}` : ''}, which neither the output nor the environment names (use one that exists; ${added.has(object) ? `for one of your own, put it into objects/ too` : 'for one of your own, patch in the whole reference'})`;
          return [{ object, others, message }];
        }),
      ),
    ];
  },
};

/**
 * Whether an object of a user may refer to what the output does not contain: Secrets are never written into files, and
 * some objects are in every namespace, or may be created by an operator.
 */
const isElsewhere = ({ kind, name }: Reference, added: AddedObjects): boolean =>
  kind === 'Secret' ||
  (kind === 'ServiceAccount' && name === 'default') ||
  (kind === 'ConfigMap' && name === 'kube-root-ca.crt') ||
  added.mayCreateMore();

/** The namespace of the objects is created, unless it is managed elsewhere. Those of clients always are. */
function namespaceViolations(
  objects: readonly Manifest[],
  { namespace: { create, name } }: ResolvedEnvironment,
  unpatched: readonly Manifest[],
): Violation[] {
  const isIts = ({ kind, metadata }: Manifest) => kind === 'Namespace' && metadata.name === name;
  const object = objects.find(({ metadata }) => metadata.namespace === name);
  if (!create || !object || objects.some(isIts)) return [];
  const others = unpatched.filter(isIts);
  const message = `is in namespace ${name}, which the output does not create (keep the Namespace, or set namespace.create: false)`;
  return [{ object, others, message }];
}

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
  check: (objects) => {
    const pods = podsOf(objects);
    return objects
      .filter(({ kind }) => kind === 'Service')
      .flatMap((object) => {
        const { ports = [] } = object.spec as { ports?: readonly ServicePort[] };
        const selected = pods.filter(({ metadata }) => meets(podSelectorOf(object), metadata.labels));
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
      });
  },
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

/** ClusterRoles of the cluster and accounts of other namespaces are not part of the output. */
function bindingReferences({ kind, metadata, roleRef, subjects }: Manifest): Reference[] {
  if (kind !== 'RoleBinding') return [];
  const own = ((subjects ?? []) as readonly { readonly namespace?: string }[]).filter(
    ({ namespace }) => namespace === metadata.namespace,
  );
  return referencesIn({ roleRef, subjects: own });
}

/** The objects that the output creates, by namespace, kind and name, with their keys. */
function madeByName(objects: readonly Manifest[], where: Where): ReadonlyMap<string, readonly string[] | undefined> {
  const id = (kind: string, object: Manifest, name = object.metadata.name) => madeId(where(object), { kind, name });
  const keysIn = ({ data, binaryData, stringData }: Manifest) =>
    [data, binaryData, stringData].flatMap((map) => Object.keys(map ?? {}));
  return new Map<string, readonly string[] | undefined>([
    ...objects.map((object) => [id(object.kind, object), keysIn(object)] as const),
    ...objects.flatMap((object) => {
      const secret = secretMadeBy(object);
      return secret ? [[id('Secret', object, secret.name), secret.keys] as const] : [];
    }),
  ]);
}

const madeId = (where: string, { kind, name }: { readonly kind: string; readonly name: string }) =>
  `${where}/${kind} ${name}`;

const hasKey = ({ key }: Reference, keys: readonly string[] | undefined) =>
  key === undefined || keys === undefined || keys.includes(key);

/** The keys that an external system provides of an object. */
const keysDeclared = ({ kind, name }: Reference, declared: readonly Reference[]): string[] =>
  declared.flatMap((known) => (known.kind === kind && known.name === name ? (known.key ?? []) : []));

/**
 * What an external system creates: the Secrets that the environment names, unless the output provides them, and other
 * objects that pods refer to.
 */
function externalReferences(environment: ResolvedEnvironment): Reference[] {
  const { namespace, requiredSecrets } = environment;
  const own = requiredSecrets.filter(
    (secret) => secret.namespace === namespace.name && ['existing', 'generated'].includes(secret.provider),
  );
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

const equals = (a: Reference, b: Reference) => a.kind === b.kind && a.name === b.name && a.key === b.key;
