import type { PodIdentity } from '../shared/pod-identity';
import type { Artifacts } from './resolve';
import { artifactStore } from './stores';

/** An identity with the ServiceAccount that has it. */
export interface AccountIdentity extends PodIdentity {
  readonly account: string;
}

/** The sections that say who has the identity. */
export interface IdentitySections {
  readonly artifacts: Artifacts;
  readonly server: { readonly serviceAccount: { readonly name: string } };
}

/**
 * As whom pods use the artifact store if they have no keys: all of them as the server, so that one account has the
 * role.
 */
export function artifactIdentity({ artifacts, server }: IdentitySections): AccountIdentity | undefined {
  const { identity } = artifactStore(artifacts);
  return identity && { ...identity, account: server.serviceAccount.name };
}
