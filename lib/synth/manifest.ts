import type { PodSpec, PodTemplateSpec } from '../kubernetes/objects';
import { sortKeysDeep } from '../kubernetes/sort-keys';

/** A Kubernetes object of the output, as plain data. */
export interface Manifest {
  /** As in `apps/v1`. */
  readonly apiVersion: string;
  /** As in `Deployment`. */
  readonly kind: string;
  /** The identity of the object, and what others find it by. */
  readonly metadata: {
    /** Unique for its kind in its namespace. */
    readonly name: string;
    /** Only for kinds that have one. */
    readonly namespace?: string;
    /** By which selectors find it. */
    readonly labels?: Readonly<Record<string, string>>;
    /** What tools and controllers read. */
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** What else its kind has: `spec`, `data` and the like. */
  readonly [field: string]: unknown;
}

/** A file of the output of one environment, with its objects. */
export interface OutputFile {
  /** As in `deployment`: without the extension, and without the `00-` that the file `namespace` is written with. */
  readonly name: string;
  /** In the order of the file. */
  readonly objects: readonly Manifest[];
}

/** Whether a value has what every object has. */
export function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<Manifest>;
  const isText = (text: unknown) => typeof text === 'string' && text !== '';
  return [apiVersion, kind, metadata?.name, metadata?.namespace ?? 'none'].every(isText);
}

/** A manifest with sorted keys: patches append theirs, and cdk8s does not sort while CDK8S_DISABLE_SORT is set. */
export function sortManifest({ apiVersion, kind, metadata, ...rest }: Manifest): Manifest {
  return { apiVersion, kind, metadata: sortKeysDeep(metadata), ...sortKeysDeep(rest) };
}

/** An object as messages name it: `Deployment mlflow/mlflow`. */
export function describeManifest({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** The API group of an object; empty for the core group. */
export const groupOf = ({ apiVersion }: Pick<Manifest, 'apiVersion'>): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** Kinds without which the API server refuses objects: in that namespace, or of that kind. */
const NEEDED_FIRST: Readonly<Record<string, string>> = {
  Namespace: '',
  CustomResourceDefinition: 'apiextensions.k8s.io',
};

/** Whether other objects may be refused until an object exists. kubectl applies objects in the order that they have. */
export const isNeededFirst = (object: Pick<Manifest, 'apiVersion' | 'kind'>): boolean =>
  NEEDED_FIRST[object.kind] === groupOf(object);

/** What identifies an object in a cluster: two objects with the same identity are one. */
export function identity(manifest: Manifest): string {
  const { kind, metadata } = manifest;
  return [groupOf(manifest), kind, metadata.namespace ?? '', metadata.name].join('|');
}

/** The API groups of the kinds that create pods. */
const POD_GROUPS = ['', 'apps', 'batch'];

/** The template of the pods that an object creates, if it creates any; a pod is its own. */
export function podTemplate(manifest: Manifest): (PodTemplateSpec & { readonly spec: PodSpec }) | undefined {
  if (!POD_GROUPS.includes(groupOf(manifest))) return undefined;
  if (manifest.kind === 'Pod')
    return manifest.spec ? { metadata: manifest.metadata, spec: manifest.spec as PodSpec } : undefined;
  const spec = manifest.spec as Record<string, unknown> | undefined;
  const job = manifest.kind === 'CronJob' ? (spec?.jobTemplate as { spec?: Record<string, unknown> })?.spec : spec;
  const template = job?.template as PodTemplateSpec | undefined;
  return template?.spec ? { ...template, spec: template.spec } : undefined;
}
