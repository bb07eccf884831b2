import type { ResolvedEnvironment } from './resolved-environment';
import { sharedEntries } from './shared-entries';
import { sharedSecrets } from './shared-secrets';
import { sharedStores } from './shared-stores';
import type { SharedThing } from './shared-thing';

/** Everything of an environment that may be another one's too. */
export const sharedThings = (environment: ResolvedEnvironment): SharedThing[] => [
  ...sharedStores(environment),
  ...sharedSecrets(environment),
  ...sharedEntries(environment),
];
