import type { SecretProvider } from '../../components/shared/contributions/secret-keys';
import type { KubeDeployment } from '../../kubernetes/objects';

/** The tracking server, and what other objects need to know of its pods. */
export interface ServerHandle {
  /** The Deployment of the server. */
  readonly deployment: KubeDeployment;
  /** The name of the ServiceAccount of its pods, which `server.serviceAccount.create: false` leaves to you. */
  readonly serviceAccountName: string;
  /** The labels that select its pods, and no others: for a NetworkPolicy, an affinity or a PodMonitor. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** The port of its pods that clients connect to, for a NetworkPolicy. It can differ from the port of the Service. */
  readonly port: number;
}

/** A Secret that the instance reads. */
export interface SecretHandle {
  /** The namespace of the Secret: that of the instance or, for a copy of a login, that of a client. */
  readonly namespace: string;
  /** The name of the Secret. */
  readonly name: string;
  /** The keys that are read. */
  readonly keys: readonly string[];
  /** Those of `keys` that may be missing: pods start without them. */
  readonly optionalKeys: readonly string[];
  /** What creates it: you or another tool (`existing`), Jobs of the chart (`generated`), or a controller. */
  readonly provider: SecretProvider;
}
