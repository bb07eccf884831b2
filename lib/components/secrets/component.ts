import { Construct } from 'constructs';
import type { Component } from '../component';
import { apiServerEgress, egressOf } from '../shared/contributions/traffic';
import { secretsChecks } from './checks';
import { ExternalSecrets } from './external/construct';
import { externalWarnings } from './external/references';
import { SECRET_GENERATOR_PROGRAMS, SecretGenerator } from './generated/construct';
import {
  type GeneratedSecret,
  overrideIssues,
  type SecretSections,
  secretGeneratorName,
  secretIssues,
  secretWarnings,
} from './generated/generated';
import { nameIssues } from './names';
import { usesProvider } from './provider';
import { resolveSecrets, type Secrets, type SecretsSection } from './resolve';
import { SealedSecrets } from './sealed/construct';
import { secrets as section } from './section';

/** The resolved sections that the contributions of this component follow from. */
export interface Resolved extends SecretSections {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly networkPolicy: { readonly enabled: boolean };
  readonly generatedSecrets: readonly GeneratedSecret[];
}

/** What creates the Secrets that all components read. */
export const secrets = {
  sections: { secrets: section.prefault({}) },
  checks: secretsChecks,
  resolve: resolveSecrets,
  issues: (resolved) => [...nameIssues(resolved), ...secretIssues(resolved), ...overrideIssues(resolved)],
  warnings: (resolved) => [...secretWarnings(resolved), ...externalWarnings(resolved)],
  accounts: ({ name, generatedSecrets }) => (generatedSecrets.length > 0 ? [secretGeneratorName(name)] : []),
  entryPoints: ({ generatedSecrets }) => (generatedSecrets.length > 0 ? SECRET_GENERATOR_PROGRAMS : []),
  file: 'secrets',
  create: (scope, id, resolved, { instance, programs, sealedSecrets, others }) => {
    const { generatedSecrets, networkPolicy, requiredSecrets } = resolved;
    const { external } = resolved.secrets;
    const isSealed = usesProvider(resolved.secrets, 'sealed') && sealedSecrets.length > 0;
    if (generatedSecrets.length === 0 && !isSealed && !external) return;
    const all = new Construct(scope, id);
    if (generatedSecrets.length > 0) {
      // An API server may have a name.
      const egress = networkPolicy.enabled ? [...egressOf(['dns'], others.targets), ...apiServerEgress()] : undefined;
      new SecretGenerator(all, 'Generated', { instance, secrets: generatedSecrets, egress, programs });
    }
    if (isSealed) new SealedSecrets(all, 'Sealed', { instance, secrets: sealedSecrets });
    if (external) new ExternalSecrets(all, 'External', { instance, external, requiredSecrets });
  },
} satisfies Component<{ readonly secrets: SecretsSection }, { readonly secrets: Secrets }, Resolved>;
