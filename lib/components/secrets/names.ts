import { nearest } from '../../input/did-you-mean';
import type { Issue } from '../../input/issue';
import type { RequiredSecret } from '../shared/contributions/secret-keys';
import type { Secrets } from './resolve';

/** The Secrets of an environment, and what its settings say of them by name. */
export interface NamedSecrets {
  readonly secrets: Secrets;
  readonly requiredSecrets: readonly RequiredSecret[];
  readonly namespace: { readonly name: string };
}

/** Entries for Secrets, keys and providers that the environment does not use: most likely typing errors. */
export function nameIssues({ secrets, requiredSecrets, namespace }: NamedSecrets): Issue[] {
  const own = new Map(
    requiredSecrets.filter((secret) => secret.namespace === namespace.name).map((secret) => [secret.name, secret]),
  );
  const missing = (path: Issue['path'], name: string) =>
    unknown(path, 'is not a Secret of this environment', name, [...own.keys()]);
  const overrides = Object.keys(secrets.overrides)
    .filter((name) => !own.has(name))
    .map((name) => missing(['secrets', 'overrides', name], name));
  const remote = Object.entries(secrets.external?.remote ?? {}).flatMap(([name, { keys }]) => {
    const path = ['secrets', 'external', 'remote', name];
    const secret = own.get(name);
    if (!secret) return [missing(path, name)];
    if (secret.provider !== 'external') return [elsewhere(path, secret)];
    const known = secret.keys.map(({ key }) => key);
    return Object.keys(keys)
      .filter((key) => !known.includes(key))
      .map((key) =>
        unknown([...path, 'keys', key], `is not a key of Secret ${name} that the environment uses`, key, known),
      );
  });
  return [...overrides, ...remote];
}

const elsewhere = (path: Issue['path'], { name, provider }: RequiredSecret): Issue => ({
  path,
  dependsOn: [
    ['secrets', 'provider'],
    ['secrets', 'overrides', name],
  ],
  message: `is set, but Secret ${name} has the provider ${provider} (set secrets.overrides.${name}.provider: external, or remove it)`,
});

function unknown(path: Issue['path'], message: string, given: string, known: readonly string[]): Issue {
  const meant = nearest(given, known);
  // Any section may name a Secret.
  return {
    path,
    dependsOn: [[]],
    message: `${message} (${meant ? `did you mean ${meant}?` : `available: ${known.join(', ')}`})`,
  };
}
