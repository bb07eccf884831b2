import { createHash } from 'node:crypto';
import { notEmpty, notEmptyList } from './metadata';
import * as k8s from './objects';
import { sortKeys } from './sort-keys';

/** User and group of every container: not of the image, and above 10000 so that it does not exist on a node. */
export const USER_ID = 10001;

/** Satisfies Pod Security `restricted` for the whole pod. */
export const podSecurity: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER_ID,
  runAsGroup: USER_ID,
  fsGroup: USER_ID,
  // Ownership of a large volume is not changed at each start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** The same for each container, because some scanners only check containers. */
export const containerSecurity: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: USER_ID,
  runAsGroup: USER_ID,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** How images are pulled and where pods may run: the same for every pod of an instance. */
export interface Placement {
  /** When the kubelet pulls an image. */
  readonly pullPolicy: 'IfNotPresent' | 'Always' | 'Never';
  /** Secrets for private registries. */
  readonly pullSecrets: readonly string[];
  /** PriorityClass of every pod. @default the cluster's default priority */
  readonly priorityClassName?: string;
  /** Labels that a node must have. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Taints that pods tolerate. */
  readonly tolerations: readonly k8s.Toleration[];
}

/** CPU, memory and disk of a container, all of them set, as quantities. */
export interface Resources {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** Amounts by resource, as quantities. */
export interface Amounts {
  readonly cpu: string;
  readonly memory: string;
  readonly 'ephemeral-storage': string;
}

/**
 * What every ServiceAccount has: no token for the pods, and the Secrets for the registries, also for pods started by hand.
 */
export function accountBasics({
  pullSecrets,
}: Placement): Pick<k8s.KubeServiceAccountProps, 'automountServiceAccountToken' | 'imagePullSecrets'> {
  return {
    automountServiceAccountToken: false,
    imagePullSecrets: notEmptyList(pullSecrets.map((name) => ({ name }))),
  };
}

/**
 * What every pod has: the account, the Secrets for the registries, scheduling, and no access to the cluster that it does
 * not need.
 */
export function podBasics(
  serviceAccountName: string,
  { pullSecrets, priorityClassName, nodeSelector, tolerations }: Placement,
): Pick<
  k8s.PodSpec,
  | 'serviceAccountName'
  | 'automountServiceAccountToken'
  | 'enableServiceLinks'
  | 'securityContext'
  | 'imagePullSecrets'
  | 'priorityClassName'
  | 'nodeSelector'
  | 'tolerations'
> {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    // A Service called mlflow would set MLFLOW_PORT to its URL, and the server would not start.
    enableServiceLinks: false,
    securityContext: podSecurity,
    imagePullSecrets: notEmptyList(pullSecrets.map((name) => ({ name }))),
    priorityClassName,
    nodeSelector: notEmpty(sortKeys(nodeSelector)),
    tolerations: notEmptyList(tolerations.map((toleration) => ({ ...toleration }))),
  };
}

/** Requests and limits in Kubernetes' form. */
export function resourceRequirements({ requests, limits }: Resources): k8s.ResourceRequirements {
  const quantities = (amounts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(amount)]));
  return { requests: quantities({ ...requests }), limits: quantities({ ...limits }) };
}

/** Changes when the data changes: in an annotation it rolls the pods, in a name it creates another object. */
export function checksum(data: unknown, length = 32): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, length);
}

/** A ConfigMap or Secret, all keys of which become variables. */
export interface VariableSource {
  /** Name of the ConfigMap. @default none, because a Secret is named */
  readonly configMap?: string;
  /** Name of the Secret. @default none, because a ConfigMap is named */
  readonly secret?: string;
}

/** Sources of variables in Kubernetes' form. */
export function environmentSources(sources: readonly VariableSource[]): k8s.EnvFromSource[] | undefined {
  return notEmptyList(
    sources.map(({ configMap, secret }) =>
      secret ? { secretRef: { name: secret } } : { configMapRef: { name: configMap } },
    ),
  );
}
