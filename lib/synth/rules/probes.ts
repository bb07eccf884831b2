import type { Container, Probe } from '../../kubernetes/objects';
import type { Rule } from './rule';
import { podsOf } from './workloads';

const LONG_RUNNING = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** A container that serves is asked whether it is ready and whether it lives, and not the same in both. */
export const serversAreProbed: Rule = {
  name: 'servers-are-probed',
  reason: 'a pod gets requests that it cannot answer, hangs for ever, or is restarted when it is only busy',
  patched: 'allowed',
  check: (objects) =>
    podsOf(objects)
      .filter(({ object }) => LONG_RUNNING.has(object.kind))
      .flatMap(({ object, spec }) =>
        (spec.containers ?? []).flatMap((container) => {
          const wrong = wrongProbes(container);
          return wrong ? [{ object, message: `container ${container.name} ${wrong}` }] : [];
        }),
      ),
};

/** A container that shows metrics alone: when these fail, the server still serves, and should stay in the Service. */
const isBeside = ({ ports = [] }: Container) => ports[0]?.name === 'metrics';

function wrongProbes(container: Container): string | undefined {
  const { readinessProbe, livenessProbe } = container;
  if (isBeside(container)) return livenessProbe ? undefined : 'has no livenessProbe (add it)';
  if (!readinessProbe || !livenessProbe) {
    const missing = [!readinessProbe && 'readinessProbe', !livenessProbe && 'livenessProbe'].filter(Boolean);
    return `has no ${missing.join(' and no ')} (add it)`;
  }
  // Where a program has nothing else that can be asked without a login, its port is all that is left for both.
  const same = !readinessProbe.tcpSocket && question(readinessProbe) === question(livenessProbe);
  return same ? 'is asked the same by both probes (let livenessProbe ask for the port alone)' : undefined;
}

const question = ({ exec, httpGet, grpc, tcpSocket }: Probe) => JSON.stringify([exec, httpGet, grpc, tcpSocket]);
