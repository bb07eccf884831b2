import type { Container, ObjectMeta, PodSpec } from '../../kubernetes/objects';
import { type Manifest, podTemplate } from '../manifest';

/** A pod that an object of the output creates. */
export interface CreatedPod {
  readonly object: Manifest;
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
  /** Init containers included. */
  readonly containers: readonly Container[];
}

/** Every pod that the output creates. */
export function podsOf(objects: readonly Manifest[]): CreatedPod[] {
  return objects.flatMap((object) => {
    const template = podTemplate(object);
    if (!template) return [];
    const { metadata = {}, spec } = template;
    return [{ object, metadata, spec, containers: [...(spec.initContainers ?? []), ...(spec.containers ?? [])] }];
  });
}

/** The label by which the pods of a component are told from those of others. */
export const COMPONENT = 'app.kubernetes.io/component';

/** The component that an object or a pod is of, by its label. */
export const componentOf = ({ metadata }: { readonly metadata: ObjectMeta }): string | undefined =>
  metadata.labels?.[COMPONENT];

/** The spec of an autoscaler. */
export interface AutoscalerSpec {
  readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly metrics?: readonly {
    readonly resource?: ScaledResource;
    readonly containerResource?: ScaledResource & { readonly container?: string };
  }[];
}

interface ScaledResource {
  readonly name?: string;
  readonly target?: { readonly type?: string };
}

/** Every autoscaler of the output. */
export function autoscalersOf(objects: readonly Manifest[]): { object: Manifest; spec: AutoscalerSpec }[] {
  return objects
    .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
    .map((object) => ({ object, spec: (object.spec ?? {}) as AutoscalerSpec }));
}

/** Whether an autoscaler decides how many pods an object has. */
export function isScaledBy({ apiVersion, kind, metadata }: Manifest, { scaleTargetRef }: AutoscalerSpec): boolean {
  const { apiVersion: group = apiVersion, kind: wanted, name } = scaleTargetRef ?? {};
  return group === apiVersion && wanted === kind && name === metadata.name;
}

/** How many pods of an object there are at least and at most, with the autoscalers that decide it. */
export function podCount(object: Manifest, objects: readonly Manifest[]) {
  const scalers = autoscalersOf(objects).filter(({ spec }) => isScaledBy(object, spec));
  const fixed = (object.spec as { replicas?: number } | undefined)?.replicas ?? 1;
  const [first] = scalers;
  return {
    least: first ? (first.spec.minReplicas ?? 1) : fixed,
    most: first ? (first.spec.maxReplicas ?? 1) : fixed,
    autoscalers: scalers.map((scaler) => scaler.object),
  };
}
