import type { Release } from '../../mlflow/releases';
import { DRAIN_SECONDS, PROGRAMS_PATH } from '../shared/constants';

/** What the pod runs before it is sent SIGTERM. */
export function stopCommand(release: Release): string[] {
  const command = ['python', `${PROGRAMS_PATH}/server/stop.py`, String(DRAIN_SECONDS)];
  return release.can('signals') ? command : [...command, '--terminate-children'];
}

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
