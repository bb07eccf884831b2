import type { Issue } from '../../input/issue';
import type { Server } from './resolve';
import { PROXY } from './variables/proxies';

/** The sections that name what cannot be seen. */
export interface WarnedSections {
  readonly server: Server;
  readonly networkPolicy: { readonly enabled: boolean; readonly egress: readonly unknown[] };
}

/** What the server cannot reach, because its address is in an object that synth does not see. */
export const serverWarnings = ({ server, networkPolicy: { enabled, egress } }: WarnedSections): Issue[] =>
  !enabled || egress.length > 0
    ? []
    : Object.keys(server.envReferences)
        .filter((name) => PROXY.test(name))
        .map((name) => ({
          path: ['server', 'env', name],
          dependsOn: [['networkPolicy']],
          message:
            'is in an object that synth does not see, so the network policy lets no pod out to the proxy ' +
            '(name its address in networkPolicy.egress)',
        }));
