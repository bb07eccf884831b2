import type { SecretProvider } from '../shared/contributions/secret-keys';
import type { SecretsSection } from './resolve';

type Chosen = Pick<SecretsSection, 'provider' | 'overrides'>;

/** What creates a Secret in the namespace of the instance. */
export const providerOf = ({ provider, overrides }: Chosen, name: string): SecretProvider =>
  (Object.hasOwn(overrides, name) ? overrides[name]?.provider : undefined) ?? provider;

/** Whether Secrets may come from a provider, as far as the section itself tells. */
export const usesProvider = ({ provider, overrides }: Chosen, wanted: SecretProvider): boolean =>
  provider === wanted || Object.values(overrides).some((override) => override.provider === wanted);
