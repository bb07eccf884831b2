import type { Manifest } from '../../../lib/synth/manifest';
import { all, podsOf, walk } from '../../support/support';

/** What tests of stores and identities look for in the finished objects. */

/** Every container, with its pod. */
export const containersOf = (objects: readonly Manifest[]) =>
  podsOf(objects).flatMap(({ spec, containers }) => containers.map((each) => ({ spec, ...each })));

/** The texts in all objects, except those of our programs, that match: such as names of keys and of Secrets for them. */
export const textsLike = (objects: readonly Manifest[], pattern: RegExp): string[] =>
  objects
    .filter(({ kind, data }) => kind !== 'ConfigMap' || !Object.keys(data ?? {}).some((key) => key.endsWith('.py')))
    .flatMap((object) => walk(object))
    .flatMap(({ value }) => (typeof value === 'string' && pattern.test(value) ? [value] : []));

/** The address blocks that a policy lets pods out to, with their ports. */
export const blocksOf = (objects: readonly Manifest[], policy: string) =>
  all(objects, 'NetworkPolicy')
    .filter(({ metadata }) => metadata?.name === policy)
    .flatMap(({ spec }) => spec?.egress ?? [])
    .flatMap(({ to = [], ports = [] }) =>
      to.flatMap(({ ipBlock }) => (ipBlock ? [[ipBlock.cidr, ports] as const] : [])),
    );

/** The accounts that are created, with their annotations. */
export const accountsIn = (objects: readonly Manifest[]) =>
  all(objects, 'ServiceAccount').map(({ metadata }) => [metadata?.name, metadata?.annotations]);

/** A provider of Secrets, with what it cannot do without. */
export const providedBy = (provider: 'existing' | 'generated' | 'sealed' | 'external') => ({
  secrets: { provider, ...(provider === 'external' ? { external: { store: { name: 'vault' } } } : {}) },
});
