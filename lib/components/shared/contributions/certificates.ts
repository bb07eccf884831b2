import { formatPath, type Issue, type Path, violatedChecks } from '../../../input/issue';
import type { RequiredSecret } from './secret-keys';

/** A Secret with a certificate and its key, and the key of the environment file that names it. */
export interface TlsSecret {
  readonly path: Path;
  readonly secret: string;
}

/**
 * A certificate has a Secret of its own: its type is another, and what issues the certificate replaces the whole.
 *
 * @param required the Secrets with logins and keys
 * @param namespace that of the instance
 */
export function certificateIssues(
  certificates: readonly TlsSecret[],
  required: readonly RequiredSecret[],
  namespace: string,
): Issue[] {
  const others = new Map(
    required.filter((secret) => secret.namespace === namespace).map(({ name, keys: [first] }) => [name, first]),
  );
  return violatedChecks(
    certificates.map(({ path, secret }) => ({
      path,
      violated: others.has(secret),
      message: `is ${secret}, which is the Secret of ${formatPath(others.get(secret)?.section ?? [])} too (use a Secret of its own)`,
    })),
  );
}
