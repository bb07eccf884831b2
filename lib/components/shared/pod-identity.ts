import type { Path } from '../../input/issue';
import type { Volume, VolumeMount } from '../../kubernetes/objects';
import type { Variable } from '../../kubernetes/variables';
import type { Destination } from './contributions/destination';

/** What a pod needs to log in to a store as its ServiceAccount, in any cloud. */
export interface PodIdentity {
  /** What issues the keys, for messages: two stores with the same can be used as one identity. */
  readonly issuer: string;
  /** As whom: the key of a store's section that says it, and the word for it. @default the cloud knows it alone */
  readonly principal?: { readonly path: Path; readonly value: string; readonly kind: string };
  /** Of the containers that use the store. */
  readonly variables: readonly Variable[];
  /** Of the same containers. */
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
  /** Of the ServiceAccount, if it is ours. */
  readonly accountAnnotations: Readonly<Record<string, string>>;
  /** Of the pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Annotations of the pods, by which a webhook of the cloud leaves these containers alone. */
  readonly podAnnotations: (others: readonly string[]) => Readonly<Record<string, string>>;
  /** Where pods exchange their token for keys. */
  readonly destinations: readonly Destination[];
  /** Hosts of these that no proxy may be asked for. @default none */
  readonly unproxied?: readonly string[];
  /** Key of the CA certificate of a store's own token service. @default one that is publicly trusted */
  readonly ca?: string;
}
