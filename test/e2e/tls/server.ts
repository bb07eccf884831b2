import { createHash, type X509Certificate } from 'node:crypto';
import { programCode } from '../clients';
import { kubectl, lastJson } from '../lab';
import { inServer } from '../pods';
import { NAMESPACE } from './site';

/** What says how well a pod is. */
interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
    readonly containerStatuses: readonly { readonly name: string; readonly restartCount: number }[];
  };
}

interface Event {
  readonly reason: string;
  readonly message: string;
  readonly lastTimestamp: string | null;
  readonly involvedObject: { readonly name: string };
}

/** The life of the server's only pod since it was ready. */
export interface Life {
  readonly name: string;
  /** Since when it is, without a break. */
  readonly readySince: string;
  readonly restarts: number;
  /** Probes that failed since then. */
  readonly failedProbes: readonly string[];
}

const SERVER_PODS = ['-l', 'app.kubernetes.io/component=server'];

const get = async <T>(...given: readonly string[]): Promise<T> =>
  JSON.parse(await kubectl(['-n', NAMESPACE, 'get', ...given, '-o', 'json'])) as T;

/** Looks at the pod and its events. */
export async function lifeOfServer(): Promise<Life> {
  const { items: pods } = await get<{ items: Pod[] }>('pods', ...SERVER_PODS);
  const [pod] = pods;
  if (!pod || pods.length > 1) throw new Error(`${pods.length} pods of the server`);
  const { name } = pod.metadata;
  const ready = pod.status.conditions.find(({ type, status }) => type === 'Ready' && status === 'True');
  const readySince = ready?.lastTransitionTime ?? 'never';
  const { items: events } = await get<{ items: Event[] }>('events');
  return {
    name,
    readySince,
    restarts: pod.status.containerStatuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    failedProbes: events
      .filter(({ reason, involvedObject }) => reason === 'Unhealthy' && involvedObject.name === name)
      .filter(({ lastTimestamp }) => (lastTimestamp ?? readySince) > readySince)
      .map(({ message }) => message),
  };
}

/** What pods of the server wait for, by their events. */
export async function waitedFor(): Promise<string[]> {
  const { items } = await get<{ items: Event[] }>('events');
  return items.filter(({ reason }) => reason === 'FailedMount').map(({ message }) => message);
}

/** Connections that are enough for each worker to accept one. */
const CONNECTIONS = 24;

/** What each worker shows to new connections: fingerprints by process. */
export const shownByWorkers = async (): Promise<Readonly<Record<string, readonly string[]>>> =>
  lastJson(
    await inServer(['python', '-c', programCode('shown.py', '5000', String(CONNECTIONS))], { namespace: NAMESPACE }),
  );

/** As `shownByWorkers` has it. */
export const fingerprint = ({ raw }: X509Certificate): string => createHash('sha256').update(raw).digest('hex');
