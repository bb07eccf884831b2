import { METRICS_CONTAINER } from '../../../components/monitoring/sidecar';
import { CONNECT_COMMAND } from '../../../components/server/lifecycle';
import type { Container, Probe } from '../../../kubernetes/objects';
import type { Rule } from '../rule';
import { podsOf } from '../workloads';

const LONG_RUNNING = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** A container that serves has a readiness and a liveness probe, which differ. */
export const serversAreProbed: Rule = {
  name: 'servers-are-probed',
  reason: 'a pod receives requests that it cannot answer, hangs forever, or is restarted while it is only busy',
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

/** A sidecar that only serves metrics: if it fails, the server still serves and must stay in the Service. */
const isMetricsSidecar = ({ name }: Container) => name === METRICS_CONTAINER;

function wrongProbes(container: Container): string | undefined {
  const { readinessProbe, livenessProbe } = container;
  if (isMetricsSidecar(container)) return livenessProbe ? undefined : 'has no livenessProbe (add it)';
  if (!readinessProbe || !livenessProbe) {
    const missing = [!readinessProbe && 'readinessProbe', !livenessProbe && 'livenessProbe'].filter(Boolean);
    return `has no ${missing.join(' and no ')} (add it)`;
  }
  // A program without an endpoint that needs no login can only be probed by its port.
  const same = !isOfPort(readinessProbe) && question(readinessProbe) === question(livenessProbe);
  return same ? 'has two equal probes (let livenessProbe check only the port)' : undefined;
}

/** Whether a probe checks a port, from outside or, behind a proxy, by a program in the pod. */
const isOfPort = ({ tcpSocket, exec }: Probe) =>
  tcpSocket !== undefined || exec?.command?.join() === CONNECT_COMMAND.join();

const question = ({ exec, httpGet, grpc, tcpSocket }: Probe) => JSON.stringify([exec, httpGet, grpc, tcpSocket]);
