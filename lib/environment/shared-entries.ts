import type { ResolvedEnvironment } from './resolved-environment';
import type { SharedThing } from './shared-thing';

/** What leads people and clients to an environment. */
export const sharedEntries = (_: ResolvedEnvironment): SharedThing[] => [];
