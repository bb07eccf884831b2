import { clientVariables } from '../../components/clients/variables';
import type { SecretProvider } from '../../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { EnvironmentError } from '../../input/issue';
import type { EnvVar, KubeDeployment } from '../../kubernetes/objects';

/** The tracking server, and what other objects need to know of its pods. */
export interface ServerHandle {
  /** The Deployment of the server. */
  readonly deployment: KubeDeployment;
  /** The name of the ServiceAccount of its pods, which `server.serviceAccount.create: false` leaves to you. */
  readonly serviceAccountName: string;
  /** The labels that select its pods, and no others: for a NetworkPolicy, an affinity or a PodMonitor. */
  readonly selectorLabels: Readonly<Record<string, string>>;
  /** The port of its pods that clients connect to, for a NetworkPolicy. Behind the Service it may be another. */
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
  /** What creates it: you or another tool (`existing`), Jobs of the chart (`generated`), or a controller. */
  readonly provider: SecretProvider;
}

/** The Secrets that an environment names. */
export const secretHandles = ({ requiredSecrets }: ResolvedEnvironment): SecretHandle[] =>
  requiredSecrets.map(({ namespace, name, provider, keys }) => ({
    namespace,
    name,
    keys: keys.map(({ key }) => key),
    provider,
  }));

/**
 * The variables of a client in the namespace of an instance.
 *
 * @throws EnvironmentError if there is no such user.
 */
export function clientEnv(environment: ResolvedEnvironment, user?: string): EnvVar[] {
  const plain = Object.entries(clientVariables(environment)).map(([name, value]) => ({ name, value }));
  if (user === undefined) return plain;
  const { auth } = environment;
  const users = auth.enabled ? auth.users : [];
  const found = users.find(({ name }) => name === user);
  if (!found) {
    const known = users.map(({ name }) => name).join(', ') || 'none';
    throw new EnvironmentError([
      { path: ['auth', 'users'], message: `lacks ${user} (add that user; known: ${known})` },
    ]);
  }
  const of = (name: string, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: found.secret, key } },
  });
  return [
    ...plain,
    of('MLFLOW_TRACKING_USERNAME', found.usernameKey),
    of('MLFLOW_TRACKING_PASSWORD', found.passwordKey),
  ];
}
