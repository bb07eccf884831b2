import { clientVariables } from '../../components/clients/variables';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { EnvironmentError } from '../../input/issue';
import type { EnvVar } from '../../kubernetes/objects';
import type { SecretHandle } from './handles';

/** The Secrets that an environment names. */
export const secretHandles = ({ requiredSecrets }: ResolvedEnvironment): SecretHandle[] =>
  requiredSecrets.map(({ namespace, name, provider, keys }) => ({
    namespace,
    name,
    keys: keys.map(({ key }) => key),
    optionalKeys: keys.filter(({ optional }) => optional !== undefined).map(({ key }) => key),
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
