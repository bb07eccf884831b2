import { kubectl, lab, program, until } from '../lab';
import { SERVER, timed } from './install';
import { processes } from './processes';
import type { Side } from './sides';

/** What the seconds until a pod is ready are spent on. They add up to the total. */
export interface StartUp {
  readonly total: number;
  /** Until the first init container runs: API, scheduler, volumes, sandbox. */
  readonly scheduled: number;
  /** The init containers, and the pauses between them. */
  readonly init: number;
  /** The start program until its first worker exists. For ours: the imports, before the fork. */
  readonly starting: number;
  /** From the first worker to the first answer of the health page. For a stock start: the imports of the workers. */
  readonly workers: number;
  /** From there until the kubelet has probed and the Deployment says so. */
  readonly probes: number;
}

/** Each init container's seconds, by name. The kubelet gives whole seconds. */
export type InitContainers = Readonly<Record<string, number>>;

interface Pod {
  readonly status: {
    readonly podIP?: string;
    readonly initContainerStatuses: readonly {
      readonly name: string;
      readonly state: { readonly terminated: { readonly startedAt: string; readonly finishedAt: string } };
    }[];
  };
}

/** Watches the start of a side's only pod, which an action begins and waits for. */
export async function observeStart(
  side: Side,
  start: () => Promise<unknown>,
): Promise<{ readonly startUp: StartUp; readonly initContainers: InitContainers }> {
  const began = Date.now() / 1000;
  const [total, answered] = await Promise.all([timed(start), firstAnswer()]);
  const { status } = await onlyPod();
  const [first, ...children] = (await processes(side)).map(({ started }) => started);
  const init = status.initContainerStatuses.map(({ name, state: { terminated } }) => ({
    name,
    from: Date.parse(terminated.startedAt) / 1000,
    to: Date.parse(terminated.finishedAt) / 1000,
  }));
  const moments = [began, init[0]?.from, first, Math.min(...children), answered, began + total].map(
    (each) => each ?? NaN,
  );
  const [scheduled = NaN, preparing = NaN, starting = NaN, workers = NaN, probes = NaN] = moments
    .slice(1)
    .map((moment, index) => moment - (moments[index] ?? NaN));
  return {
    startUp: { total, scheduled, init: preparing, starting, workers, probes },
    initContainers: Object.fromEntries(init.map(({ name, from, to }) => [name, to - from])),
  };
}

/** When the pod answers its health page, as the kubelet's node sees it. */
async function firstAnswer(): Promise<number> {
  let address = '';
  await until('the pod has an address', 120, async () => {
    address = (await onlyPod().catch(() => undefined))?.status.podIP ?? '';
    return address !== '';
  });
  return Number(
    await lab('exec', ['python3', program('first_answer.py'), `http://${address}:5000/health`, '600'], {
      seconds: 620,
    }),
  );
}

/** The server's pod. @throws unless there is one */
async function onlyPod(): Promise<Pod> {
  const { items } = JSON.parse(await kubectl(['-n', 'mlflow', 'get', 'pods', '-l', SERVER, '-o', 'json'])) as {
    readonly items: readonly Pod[];
  };
  const [pod] = items;
  if (!pod || items.length > 1) throw new Error(`the server has ${items.length} pods, not one`);
  return pod;
}
