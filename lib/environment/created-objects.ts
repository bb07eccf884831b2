import { externalSecrets } from '../components/secrets/external/references';
import { isGenerated } from '../components/secrets/generated/generated';
import type { RequiredSecret } from '../components/shared/contributions/secret-keys';
import type { ResolvedEnvironment } from './resolved-environment';

/** An object of the output, or one that the output lets a Job or an operator create. */
export interface CreatedObject {
  readonly kind: 'Namespace' | 'Secret' | 'ServiceAccount';
  readonly name: string;
}

/**
 * What an environment creates in its namespace under names that are set, besides claims: the names of all other objects
 * start with that of the environment.
 */
export const namedObjects = (environment: ResolvedEnvironment): CreatedObject[] => {
  const { namespace, requiredSecrets, server } = environment;
  const { create, name: account } = server.serviceAccount;
  const secrets = requiredSecrets
    .filter((secret) => secret.namespace === namespace.name && isCreated(secret, environment))
    .map(({ name }) => name);
  return [
    ...(namespace.create ? [{ kind: 'Namespace' as const, name: namespace.name }] : []),
    ...[...secrets, ...issuedSecrets(environment)].map((name) => ({ kind: 'Secret' as const, name })),
    ...(create ? [{ kind: 'ServiceAccount' as const, name: account }] : []),
  ];
};

function isCreated(secret: RequiredSecret, environment: ResolvedEnvironment): boolean {
  const { external } = environment.secrets;
  if (secret.provider === 'external') return external !== undefined && externalSecrets(external, [secret]).length > 0;
  return secret.provider === 'sealed' || isGenerated(secret, environment);
}

/** The Secrets of certificates that cert-manager issues. */
const issuedSecrets = ({ ingress, service }: ResolvedEnvironment): string[] =>
  [ingress?.tls, service.tls].flatMap((tls) => (tls?.issuer && tls.secret ? [tls.secret] : []));
