import type { Component } from '../component';
import { apiServerEgress, egressOf } from '../shared/contributions/traffic';
import { secretsChecks } from './checks';
import { ExternalSecrets } from './external/construct';
import { externalIssues, externalWarnings } from './external/references';
import { SECRET_GENERATOR_PROGRAMS, SecretGenerator } from './generated/construct';
import {
  type GeneratedSecret,
  type SecretSections,
  secretGeneratorName,
  secretIssues,
  secretWarnings,
} from './generated/generated';
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
  issues: (resolved) => [...secretIssues(resolved), ...externalIssues(resolved)],
  warnings: (resolved) => [...secretWarnings(resolved), ...externalWarnings(resolved)],
  accounts: ({ name, generatedSecrets }) => (generatedSecrets.length > 0 ? [secretGeneratorName(name)] : []),
  entryPoints: ({ generatedSecrets }) => (generatedSecrets.length > 0 ? SECRET_GENERATOR_PROGRAMS : []),
  file: 'secrets',
  create: (scope, id, resolved, { instance, programs, sealedSecrets, others }) => {
    const { generatedSecrets, networkPolicy, requiredSecrets } = resolved;
    const { provider, external } = resolved.secrets;
    if (generatedSecrets.length > 0) {
      // An API server may have a name.
      const egress = networkPolicy.enabled ? [...egressOf(['dns'], others.targets), ...apiServerEgress()] : undefined;
      new SecretGenerator(scope, id, { instance, secrets: generatedSecrets, egress, programs });
    }
    if (provider === 'sealed' && sealedSecrets.length > 0) {
      new SealedSecrets(scope, id, { instance, secrets: sealedSecrets });
    }
    if (provider === 'external' && external) {
      new ExternalSecrets(scope, id, { instance, external, requiredSecrets });
    }
  },
} satisfies Component<{ readonly secrets: SecretsSection }, { readonly secrets: Secrets }, Resolved>;
