import type { ObjectOwner } from '../../kubernetes/metadata';
import type { Placement } from '../../kubernetes/pod';
import { sortKeys } from '../../kubernetes/sort-keys';
import type { Release } from '../../mlflow/releases';

/** What every construct needs to know of the instance that it belongs to. */
export interface Instance extends ObjectOwner {
  /** The MLflow release in the image. */
  readonly release: Release;
  /** MLflow's image as a pod names it, with tag and digest. */
  readonly image: string;
  /** How images are pulled, and where pods may run. */
  readonly placement: Placement;
}

/** The sections that an instance is described by. */
export interface InstanceSections {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly release: Release;
  readonly image: Pick<Placement, 'pullPolicy' | 'pullSecrets'> & { readonly reference: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly server: Pick<Placement, 'nodeSelector' | 'tolerations' | 'priorityClassName'>;
}

/** The instance that an environment describes. */
export function instanceOf(environment: InstanceSections): Instance {
  const { name, namespace, release, image, labels, annotations, server } = environment;
  const { pullPolicy, pullSecrets } = image;
  const { nodeSelector, tolerations, priorityClassName } = server;
  return {
    name,
    namespace: namespace.name,
    version: release.version,
    labels: sortKeys(labels),
    annotations: sortKeys(annotations),
    release,
    image: image.reference,
    placement: { pullPolicy, pullSecrets, nodeSelector, tolerations, priorityClassName },
  };
}
