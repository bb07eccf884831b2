import { ISSUER_ANNOTATIONS } from '../../components/exposure/certificates';
import { isRecord } from '../../input/is-record';
import type { Manifest } from '../manifest';
import { referencesIn } from '../rules/named-references';
import { podsOf } from '../rules/workloads';
import { aligned } from './aligned';
import { storeNamedBy } from './remote-values';

/** An object that another one names. */
interface Needed {
  readonly kind: string;
  readonly name: string;
  /** Undefined if its kind is in no namespace. */
  readonly namespace?: string;
  /** A key that it must have. */
  readonly key?: string;
}

/** What is in every namespace or cluster. */
const EVERYWHERE = /^(ServiceAccount \S+\/default|ConfigMap \S+\/kube-root-ca\.crt|PriorityClass system-\S+)$/;

/**
 * What the objects of an output name and it does not contain, besides Secrets: they work only once it exists.
 *
 * @param name of the environment
 */
export function explainNeeds(name: string, objects: readonly Manifest[]): string[] {
  const created = new Set(objects.map(({ kind, metadata }) => idOf({ kind, ...metadata })));
  const needs = new Map<string, Set<string>>();
  for (const need of objects.flatMap(namedBy).concat(namedByPods(objects))) {
    const id = idOf(need);
    if (need.name === '' || created.has(id) || EVERYWHERE.test(id)) continue;
    const keys = needs.get(id) ?? new Set<string>();
    needs.set(id, need.key === undefined ? keys : keys.add(need.key));
  }
  if (needs.size === 0) return [];
  const rows = [...needs].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    `# ${name}: what else must exist, which the output names and does not create`,
    ...aligned(rows.map(([id, keys]) => [...id.split(' '), [...keys].sort().join(', ')])),
  ];
}

const idOf = ({ kind, namespace, name }: Needed): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** What pods read, mount or run as. Those of a Secret are explained with their keys. */
const namedByPods = (objects: readonly Manifest[]): Needed[] =>
  podsOf(objects).flatMap(({ object: { metadata }, spec }) => [
    ...referencesIn(spec)
      .filter(({ kind }) => kind !== 'Secret')
      .map((reference) => ({ ...reference, namespace: metadata.namespace })),
    ...(spec.priorityClassName ? [{ kind: 'PriorityClass', name: spec.priorityClassName }] : []),
  ]);

/** Reads a field of an object that names another. */
type Reader = (spec: Readonly<Record<string, unknown>>, object: Manifest) => readonly Needed[];

/** What objects of a kind name. */
const READERS: Readonly<Record<string, Reader>> = {
  Ingress: ({ ingressClassName }) => nameAt('IngressClass', ingressClassName),
  Gateway: ({ gatewayClassName }) => nameAt('GatewayClass', gatewayClassName),
  HTTPRoute: ({ parentRefs }, { metadata }) =>
    listOf(parentRefs).flatMap(({ kind = 'Gateway', name, namespace = metadata.namespace }) =>
      typeof name === 'string' ? [{ kind: String(kind), name, namespace: String(namespace) }] : [],
    ),
  BackendTLSPolicy: ({ validation }, { metadata }) =>
    isRecord(validation)
      ? listOf(validation.caCertificateRefs)
          .filter(({ kind }) => kind === 'ConfigMap')
          .flatMap(({ name }) => inNamespace('ConfigMap', name, metadata))
      : [],
  ServiceMonitor: configMapsOf,
  PodMonitor: configMapsOf,
  PersistentVolumeClaim: ({ storageClassName }) => nameAt('StorageClass', storageClassName),
  StatefulSet: ({ volumeClaimTemplates }) =>
    listOf(volumeClaimTemplates).flatMap(({ spec }) =>
      isRecord(spec) ? nameAt('StorageClass', spec.storageClassName) : [],
    ),
  Certificate: ({ issuerRef }, { metadata }) =>
    isRecord(issuerRef) ? inNamespace(String(issuerRef.kind ?? 'Issuer'), issuerRef.name, metadata) : [],
};

/** ConfigMaps by the fields that name them, as in the spec of a pod. */
function configMapsOf(spec: Readonly<Record<string, unknown>>, { metadata }: Manifest): Needed[] {
  return referencesIn(spec)
    .filter(({ kind }) => kind === 'ConfigMap')
    .map((reference) => ({ ...reference, namespace: metadata.namespace }));
}

/** What an object names: its namespace, what issues its certificate or has its values, and what its kind alone names. */
function namedBy(object: Manifest): Needed[] {
  const { kind, metadata, spec } = object;
  const store = storeNamedBy(object);
  return [
    ...nameAt('Namespace', metadata.namespace),
    ...Object.entries(ISSUER_ANNOTATIONS).flatMap(([issuer, annotation]) =>
      inNamespace(issuer, metadata.annotations?.[annotation], metadata),
    ),
    ...(store ? inNamespace(store.kind, store.name, metadata) : []),
    ...(READERS[kind]?.(isRecord(spec) ? spec : {}, object) ?? []),
  ];
}

const nameAt = (kind: string, name: unknown): Needed[] => (typeof name === 'string' ? [{ kind, name }] : []);

/** An object that is in the namespace of the one that names it, unless its kind is of the whole cluster. */
const inNamespace = (kind: string, name: unknown, { namespace }: Manifest['metadata']): Needed[] =>
  nameAt(kind, name).map((need) => (kind.startsWith('Cluster') ? need : { ...need, namespace }));

const listOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];
