import { createHash } from 'node:crypto';
import type { Variable } from '../components/server/variables';
import type { DeepReadonly, ResolvedEnvironment, Resources } from '../environment/resolved-environment';
import { notEmpty, notEmptyList } from './metadata';
import * as k8s from './objects';
import { sortKeys } from './sort-keys';

/** User and group of every container: none of the image's own, and above 10000 so that it is nobody on a node. */
export const USER_ID = 10001;

/** Satisfies Pod Security `restricted` for the whole pod. */
export const podSecurity: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: USER_ID,
  runAsGroup: USER_ID,
  fsGroup: USER_ID,
  // A large volume is not walked at each start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** The same for each container, since some checks look at nothing else. */
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
export type Placement = Pick<ResolvedEnvironment['image'], 'pullPolicy' | 'pullSecret'> &
  Pick<ResolvedEnvironment['server'], 'nodeSelector' | 'tolerations' | 'priorityClassName'>;

/** The placement that an environment asks for. */
export const placementOf = ({ image, server }: ResolvedEnvironment): Placement => ({ ...image, ...server });

/** What every ServiceAccount has: no token for the pods, and the Secret for the registry, also for pods started by hand. */
export function accountBasics({
  pullSecret,
}: Placement): Pick<k8s.KubeServiceAccountProps, 'automountServiceAccountToken' | 'imagePullSecrets'> {
  return {
    automountServiceAccountToken: false,
    imagePullSecrets: pullSecret ? [{ name: pullSecret }] : undefined,
  };
}

/** What every pod has: the account, the Secret for the registry, its place, and no more of the cluster than it needs. */
export function podBasics(
  serviceAccountName: string,
  { pullSecret, priorityClassName, nodeSelector, tolerations }: Placement,
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
    imagePullSecrets: pullSecret ? [{ name: pullSecret }] : undefined,
    priorityClassName,
    nodeSelector: notEmpty(sortKeys(nodeSelector)),
    tolerations: notEmptyList(tolerations.map((toleration) => ({ ...toleration }))),
  };
}

/** Requests and limits in Kubernetes' form. */
export function resourceRequirements({ requests, limits }: DeepReadonly<Resources>): k8s.ResourceRequirements {
  const quantities = (amounts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, k8s.Quantity.fromString(amount)]));
  return { requests: quantities({ ...requests }), limits: quantities({ ...limits }) };
}

/** Changes when the data changes: in an annotation it rolls the pods, in a name it makes another object. */
export function checksum(data: unknown, length = 32): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, length);
}

/** Environment variables in Kubernetes' form. */
export function environmentVariables(variables: readonly Variable[]): k8s.EnvVar[] {
  return variables.map((variable) =>
    'value' in variable
      ? { name: variable.name, value: variable.value }
      : { name: variable.name, valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key } } },
  );
}

/** ConfigMaps and Secrets whose keys all become variables of whatever runs MLflow. */
export function environmentSources({ server }: ResolvedEnvironment): k8s.EnvFromSource[] | undefined {
  return notEmptyList(
    server.envFrom.map(({ configMap, secret }) =>
      secret ? { secretRef: { name: secret } } : { configMapRef: { name: configMap } },
    ),
  );
}
