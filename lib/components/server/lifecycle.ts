import type { Release } from '../../mlflow/releases';
import { DRAIN_SECONDS, SERVER_PORT } from '../shared/constants';

/** What the pod runs before it is sent SIGTERM: the Service forgets the pod while it still serves. */
export const STOP_COMMAND = ['python', '-c', `import time; time.sleep(${DRAIN_SECONDS})`];

/** What a probe runs if the kubelet cannot reach the port of the server. */
export const CONNECT_COMMAND = [
  ...['python', '-I', '-S', '-c'],
  `import socket; socket.create_connection(('127.0.0.1', ${SERVER_PORT}), 5)`,
] as const;

/** The sections that decide where the server says that it is well. */
export interface HealthSections {
  readonly release: Release;
  readonly auth: { readonly enabled: boolean };
  readonly server: { readonly staticPrefix?: string };
}

/**
 * The page for startup and readiness probes, which needs no login. Below a static prefix some releases ask for one.
 *
 * @returns undefined if only the port can be probed
 */
export function healthPath({ release, auth, server: { staticPrefix = '' } }: HealthSections): string | undefined {
  if (!release.can('prefixedHealth')) return '/health';
  const needsLogin = staticPrefix !== '' && auth.enabled && !release.can('openPrefixedHealth');
  return needsLogin ? undefined : `${staticPrefix}/health`;
}
