import { type Issue, violatedChecks } from '../../input/issue';
import type { Artifacts } from './resolve';
import type { ServerAccount } from './s3/checks';
import { artifactStore } from './stores';

/** The resolved sections that say what the server's account may do, and how the store is logged in to. */
interface Sections {
  readonly artifacts: Artifacts;
  readonly server: ServerAccount;
}

/** An account with an identity does not log in with it as long as the store has keys. */
export function accountWarnings({ artifacts, server: { serviceAccount } }: Sections): Issue[] {
  const { identity, identityAnnotation } = artifactStore(artifacts);
  if (!identityAnnotation || identity) return [];
  const { name, key } = identityAnnotation;
  return violatedChecks([
    {
      path: ['server', 'serviceAccount', 'annotations', name],
      violated: serviceAccount.annotations[name] !== undefined,
      message: `has no effect on artifacts, which log in with keys (set ${key} in its place)`,
    },
  ]);
}
