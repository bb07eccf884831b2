import { cpus, loadavg, totalmem } from 'node:os';
import { release as parseRelease } from '../../../lib/mlflow/releases';
import { IMAGE, type LabRelease } from '../lab';
import start from '../start';
import stop from '../stop';
import { applyUntilReady, clean, startBench } from './install';
import {
  type Figures,
  measureInstalled,
  measureLargeTransfer,
  measureLoaded,
  measureRestarts,
  type Say,
} from './measure';
import { installedTable, line, loginTable, type Measured, restartTable } from './report';
import { ours, oursStockStart, peer, peerWithoutJobs, removeSides } from './sides';

/**
 * `npm run bench:server`: the figures of docs/performance.md, measured in the test lab. It compares our manifests with
 * those of the chart community-charts, with the same image, workers, database and object store.
 *
 * MLFLOW_BENCH_RELEASES: releases of the lab, separated by commas. @default both
 * MLFLOW_BENCH_ROUNDS: how often everything is measured, the sides in turn. @default 3
 * MLFLOW_BENCH_SECONDS: how long each load lasts. @default 10
 * MLFLOW_BENCH_PARTS: `installed` (starts, loads, memory, artifacts), `login` (the loads with and without one) or
 *   `restarts`. @default all
 */

const RELEASES = (process.env.MLFLOW_BENCH_RELEASES ?? Object.keys(IMAGE).join(','))
  .split(',')
  .map((name): LabRelease => {
    if (name in IMAGE) return name as LabRelease;
    throw new Error(`MLFLOW_BENCH_RELEASES: ${name} is not in the lab (use ${Object.keys(IMAGE).join(', ')})`);
  });
const ROUNDS = Number(process.env.MLFLOW_BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.MLFLOW_BENCH_SECONDS ?? 10);
const PARTS = (process.env.MLFLOW_BENCH_PARTS ?? 'installed,login,restarts').split(',');

async function main(): Promise<void> {
  console.log(
    `${new Date().toISOString()}: ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loads()}`,
  );
  console.log(`${ROUNDS} rounds, sides in turn, loads of ${SECONDS} s; medians\n`);
  const tables: string[] = [];
  for (const release of RELEASES) {
    if (PARTS.includes('installed')) tables.push(await installed(release));
    if (PARTS.includes('login')) tables.push(await login(release));
    if (PARTS.includes('restarts')) tables.push(await restarts(release));
  }
  console.log(`\n${tables.join('\n\n')}\n\nload at the end ${loads()}`);
}

/** Both sides, and what else they are compared with, in turn. */
async function installed(release: LabRelease): Promise<string> {
  const others = parseRelease(release).can('jobs') ? [peerWithoutJobs(release)] : [];
  const [chart, own] = [peer(release), await ours(release)];
  const sides = [chart, own, await ours(release, false), ...others];
  const found = sides.map((side) => ({ side, title: side.title, rounds: [] as Figures[] }));
  // Not counted: the first start of an image reads it from the disk.
  await clean();
  await applyUntilReady(chart);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { side, rounds } of found) {
      const say = saying(`MLflow ${release}, round ${round}, ${side.title}`);
      const figures = await measureInstalled(side, SECONDS, say);
      rounds.push({ ...figures, ...([chart, own].includes(side) ? await measureLargeTransfer(side, say) : {}) });
    }
  }
  const [theirs, measuredOwn, ...rest] = found;
  return theirs && measuredOwn ? installedTable(release, theirs, measuredOwn, rest) : '';
}

/** What a login costs: ours with and without one, a minute apart, and each first in every second round. */
async function login(release: LabRelease): Promise<string> {
  const sides = [await ours(release), await ours(release, false)];
  const found = sides.map((side) => ({ side, title: side.title, rounds: [] as Figures[] }));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { side, rounds } of round % 2 === 1 ? found : found.slice().reverse()) {
      rounds.push(await measureLoaded(side, SECONDS, saying(`MLflow ${release}, round ${round}, ${side.title}`)));
    }
  }
  const [closed, open] = found;
  return closed && open ? loginTable(release, closed, open) : '';
}

/** Restarts and rolling updates, with our start program and with MLflow's. */
async function restarts(release: LabRelease): Promise<string> {
  const found: Measured[] = [];
  for (const side of [await ours(release), await oursStockStart(release), peer(release)]) {
    const say = saying(`MLflow ${release}, ${side.title}`);
    found.push({ title: side.title, rounds: await measureRestarts(side, ROUNDS, say) });
  }
  const [own, ...others] = found;
  return own ? restartTable(release, own, others) : '';
}

const saying =
  (where: string): Say =>
  (what, figures, busy) =>
    console.log(`${where}: ${what} (load before ${busy.toFixed(1)}): ${line(figures)}`);

const loads = () =>
  loadavg()
    .map((each) => each.toFixed(1))
    .join(' ');

/** Leaves the lab without anything of ours, also when the bench fails or is interrupted. Once, whoever asks. */
function cleanUp(): Promise<void> {
  removeSides();
  ending ??= stop();
  return ending;
}

let ending: Promise<void> | undefined;

async function run(): Promise<void> {
  await start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  try {
    await startBench();
    await main();
  } finally {
    await cleanUp();
  }
}

run().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
