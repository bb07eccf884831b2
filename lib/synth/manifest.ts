import type { PodSpec, PodTemplateSpec } from '../kubernetes/objects';

/** A Kubernetes object as it stands in the output: plain data. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A component of one environment: the objects of one file. */
export interface Component {
  /** As in "deployment". */
  readonly name: string;
  readonly objects: readonly Manifest[];
}

/** How people name an object: `Deployment mlflow/mlflow`. */
export function describeManifest({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

/** What tells two objects apart in a cluster. */
export function identity({ apiVersion, kind, metadata }: Manifest): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('|');
}

/** The pod that an object makes, when it makes any. */
export function podTemplate(manifest: Manifest): (PodTemplateSpec & { readonly spec: PodSpec }) | undefined {
  const spec = manifest.spec as Record<string, unknown> | undefined;
  const job = manifest.kind === 'CronJob' ? (spec?.jobTemplate as { spec?: Record<string, unknown> })?.spec : spec;
  const template = job?.template as PodTemplateSpec | undefined;
  return template?.spec ? { ...template, spec: template.spec } : undefined;
}
