import type { Check } from '../../input/issue';
import { usesProvider } from './provider';
import type { SecretsSection } from './resolve';

const PROVIDER = [
  ['secrets', 'provider'],
  ['secrets', 'overrides'],
];

/** Checks between the provider and its settings. */
export function secretsChecks({ secrets }: { readonly secrets: SecretsSection }): Check[] {
  const { provider, overrides, sealed, external } = secrets;
  const isExternal = usesProvider(secrets, 'external');
  const unused = (name: string) =>
    Object.keys(overrides).length > 0
      ? `is set, but no Secret has the provider ${name} (set it in secrets.provider or secrets.overrides, or remove this)`
      : `is set, but the provider is ${provider} (set secrets.provider: ${name}, or remove it)`;
  return [
    {
      path: ['secrets', 'external'],
      dependsOn: PROVIDER,
      violated: isExternal && external === undefined,
      message: 'is missing (set the store, for example external: {store: {name: vault}})',
    },
    {
      path: ['secrets', 'external'],
      dependsOn: PROVIDER,
      violated: !isExternal && external !== undefined,
      message: unused('external'),
    },
    {
      path: ['secrets', 'external', 'deletionPolicy'],
      dependsOn: [['secrets', 'external', 'creationPolicy']],
      violated: external?.deletionPolicy === 'Delete' && external.creationPolicy === 'Merge',
      message:
        'is Delete, but the operator cannot delete a Secret that it does not own (use creationPolicy: Owner, or another policy)',
    },
    {
      path: ['secrets', 'sealed'],
      dependsOn: PROVIDER,
      violated: !usesProvider(secrets, 'sealed') && sealed !== undefined,
      message: unused('sealed'),
    },
  ];
}
