import type { Check } from '../../input/issue';
import type { SecretsSection } from './resolve';

const PROVIDER = [['secrets', 'provider']];

/** Checks between the provider and its settings. */
export function secretsChecks({ secrets }: { readonly secrets: SecretsSection }): Check[] {
  const { provider, sealed, external } = secrets;
  const unused = (name: string) =>
    `is set, but the provider is ${provider} (set secrets.provider: ${name}, or remove it)`;
  return [
    {
      path: ['secrets', 'external'],
      dependsOn: PROVIDER,
      violated: provider === 'external' && external === undefined,
      message: 'is missing (set the store, for example external: {store: {name: vault}})',
    },
    {
      path: ['secrets', 'external'],
      dependsOn: PROVIDER,
      violated: provider !== 'external' && external !== undefined,
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
      violated: provider !== 'sealed' && sealed !== undefined,
      message: unused('sealed'),
    },
  ];
}
