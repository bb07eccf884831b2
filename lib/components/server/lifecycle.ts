import type { Release } from '../../mlflow/releases';
import { DRAIN_SECONDS } from '../shared/constants';

/** What the pod runs before it is sent SIGTERM: the Service forgets the pod while it still serves. */
export const STOP_COMMAND = ['python', '-c', `import time; time.sleep(${DRAIN_SECONDS})`];

/**
 * The page for startup and readiness probes: `/health` needs no login and accepts any Host header. Since 3.7 it moves
 * below a static prefix, where it requires a login and checks the host, so only the port can be probed.
 *
 * @returns undefined if only the port can be probed
 */
export function healthPath({
  release,
  server,
}: {
  readonly release: Release;
  readonly server: { readonly staticPrefix?: string };
}): string | undefined {
  return server.staticPrefix && release.can('prefixedHealth') ? undefined : '/health';
}
