import type { Variable } from '../mlflow/variables';
import type * as k8s from './kubernetes';

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

/** Environment variables in Kubernetes' form. */
export function environmentVariables(variables: readonly Variable[]): k8s.EnvVar[] {
  return variables.map((variable) =>
    'value' in variable
      ? { name: variable.name, value: variable.value }
      : { name: variable.name, valueFrom: { secretKeyRef: { name: variable.secret, key: variable.key } } },
  );
}
