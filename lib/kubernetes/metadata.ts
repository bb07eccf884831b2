/**
 * The role of an object or a pod in an instance, such as `server` or `backup`: the label
 * `app.kubernetes.io/component`. Selectors tell pods apart by it, so no two components use the same.
 */
export type Role = string;

/** What the metadata of every object of an instance follows from. */
export interface ObjectOwner {
  readonly name: string;
  readonly namespace: string;
  /** The value of the version label: the MLflow release, or that of an embedded store's own program. */
  readonly version: string;
  /** The user's labels for every object. */
  readonly labels: Readonly<Record<string, string>>;
  /** The user's annotations for every object. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The labels that every object has, with values that no environment can change. */
export const OWN_LABELS: readonly string[] = ['name', 'instance', 'component', 'version', 'part-of', 'managed-by'].map(
  (name) => `app.kubernetes.io/${name}`,
);

/** The labels by which objects find the pods of a component. They never change, because selectors are immutable. */
export function selectorLabels(instance: Pick<ObjectOwner, 'name'>, role: Role): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'mlflow',
    'app.kubernetes.io/instance': instance.name,
    'app.kubernetes.io/component': role,
  };
}

/** All labels of an object or pod. Ours win over the user's, so that selectors keep matching their pods. */
export function objectLabels(instance: ObjectOwner, role: Role): Record<string, string> {
  return {
    ...instance.labels,
    ...selectorLabels(instance, role),
    'app.kubernetes.io/version': instance.version,
    'app.kubernetes.io/part-of': 'mlflow',
    'app.kubernetes.io/managed-by': 'cdk8s-mlflow',
  };
}

/**
 * Labels of a Secret that is created in the cluster: without the version, which the Secret outlives, and without the
 * instance, by which Argo CD could mistake the Secret for an object that is no longer in the output, and prune it.
 */
export function secretLabels(instance: ObjectOwner, role: Role = 'secrets'): Record<string, string> {
  const { 'app.kubernetes.io/version': _, 'app.kubernetes.io/instance': __, ...labels } = objectLabels(instance, role);
  return labels;
}

/** Metadata of a namespaced object. */
export function objectMetadata(
  instance: ObjectOwner,
  role: Role,
  name: string = instance.name,
  annotations: Readonly<Record<string, string>> = {},
) {
  return {
    name,
    namespace: instance.namespace,
    labels: objectLabels(instance, role),
    annotations: notEmpty({ ...instance.annotations, ...annotations }),
  };
}

/** Keeps Argo CD and Flux from deleting an object with data when it is no longer in the output. */
export const KEEP_ANNOTATIONS = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
} as const;

/** Keeps Flux from substituting text of a program that looks like a variable. */
export const PROGRAM_ANNOTATIONS = { 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' } as const;

/** A map, or undefined when it is empty: an empty one would differ from what the API server stores. */
export function notEmpty<T>(map: Readonly<Record<string, T>>): Record<string, T> | undefined {
  return Object.keys(map).length > 0 ? { ...map } : undefined;
}

/** A list, or undefined when it is empty. */
export function notEmptyList<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined;
}
