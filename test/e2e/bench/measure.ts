import { loadavg } from 'node:os';
import { kubectl, rolledOut } from '../lab';
import { applyUntilReady, clean, scaleTo, timed } from './install';
import { load, type Transfer, transfer } from './load';
import { memory } from './processes';
import type { Side } from './sides';
import { observeStart } from './start-up';

/** Figures by name. One that could not be measured is absent. */
export type Figures = Readonly<Record<string, number | undefined>>;

/** Says what was measured, and how busy the machine was before. */
export type Say = (what: string, figures: Figures, busy: number) => void;

const MB = 1_000_000;

/** Installs a side on empty databases, and measures its start, its throughput and its memory, before and after artifacts. */
export async function measureInstalled(side: Side, seconds: number, say: Say): Promise<Figures> {
  await clean();
  const start = await said('start on empty databases', say, async () =>
    prefixed('apply', await startFigures(side, () => applyUntilReady(side))),
  );
  const loaded = await said('load', say, () => measureLoad(side, seconds));
  const small = await said('5 MB artifact', say, async () => ({
    ...transferred('small', await transfer(side, 5 * MB, 10)),
    memoryArtifacts: await memory(side),
  }));
  return { ...start, ...loaded, ...small };
}

/** Installs a side on empty databases, and measures its throughput. */
export async function measureLoaded(side: Side, seconds: number, say: Say): Promise<Figures> {
  await clean();
  await applyUntilReady(side);
  return said('load', say, () => measureLoad(side, seconds));
}

/** The times of an artifact of 1 GB on an installed side. */
export const measureLargeTransfer = (side: Side, say: Say): Promise<Figures> =>
  said('1 GB artifact', say, async () => transferred('large', await transfer(side, 1000 * MB, 1)));

/** The standard load on an installed side, and its memory afterwards. */
export async function measureLoad(side: Side, seconds: number) {
  const { log, search } = await load(side, seconds);
  return { log: log.rate, logP95: log.p95, search: search.rate, searchP95: search.p95, memory: await memory(side) };
}

/** Restarts the only pod with everything in place, then updates three of them. */
export async function measureRestarts(side: Side, times: number, say: Say): Promise<readonly Figures[]> {
  const found: Figures[] = [];
  await clean();
  await applyUntilReady(side);
  for (let time = 0; time < times; time++) {
    await scaleTo(0);
    found.push(await said('restart', say, async () => prefixed('restart', await startFigures(side, () => scaleTo(1)))));
  }
  await scaleTo(3);
  const rolling = await said('rolling update', say, async () => ({ rolling: await rollingUpdate() }));
  return [...found, rolling];
}

/** Seconds of a rolling update of all replicas that there are. */
const rollingUpdate = () =>
  timed(async () => {
    await kubectl(['-n', 'mlflow', 'rollout', 'restart', 'deployment/mlflow']);
    await rolledOut(900);
  });

async function startFigures(side: Side, start: () => Promise<unknown>): Promise<Figures> {
  const { startUp, initContainers } = await observeStart(side, start);
  return { ...startUp, ...prefixed('init container', initContainers) };
}

const prefixed = (prefix: string, figures: object): Figures =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix} ${name}`, value]));

function transferred(size: string, { upload, download, error }: Transfer): Figures {
  if (error) console.log(`  ${size} artifact failed: ${error}`);
  return { [`${size}Up`]: upload, [`${size}Down`]: download };
}

async function said(what: string, say: Say, action: () => Promise<Figures>): Promise<Figures> {
  const busy = loadavg()[0] ?? NaN;
  const figures = await action();
  say(what, figures, busy);
  return figures;
}
