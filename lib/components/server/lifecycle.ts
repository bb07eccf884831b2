import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { DRAIN_SECONDS, SCRIPTS_PATH } from '../shared/constants';

/** What the pod runs before it is sent SIGTERM. */
export function stopCommand({ release }: ResolvedEnvironment): string[] {
  const command = ['python', `${SCRIPTS_PATH}/stop.py`, String(DRAIN_SECONDS)];
  return release.can('signals') ? command : [...command, '--terminate-children'];
}

/** How the kubelet asks whether the server is well: a path of the server, or just its port. */
export interface Probes {
  /** Path for startup and readiness; without it only the port can be asked. */
  readonly path?: string;
}

/**
 * The page that answers without a login and whatever the Host header: `/health`, which no release moves below a static
 * prefix before 3.7. From there on it asks for a login and checks the host below the prefix, so only the port is left.
 */
export function probes({ release, server }: ResolvedEnvironment): Probes {
  return server.staticPrefix && release.can('prefixedHealth') ? {} : { path: '/health' };
}
