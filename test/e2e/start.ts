import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadImages } from './images';
import { defineKinds, IMAGES, LAB, lab, tryRun } from './lab';
import { removeLeftovers } from './leftovers';

/** The lab is one: the process that this file names has it. */
export const LOCK = join(IMAGES, '..', 'e2e.lock');

/** Jest's global setup of this tier: takes the lab and brings it up with the images loaded. */
async function start(): Promise<void> {
  if (!existsSync(join(LAB, 'cluster', 'up'))) {
    throw new Error('no test lab: set MLFLOW_LAB_DIR to its folder (CONTRIBUTING.md says what it is)');
  }
  await takeLock();
  const { code, stderr } = await tryRun(join(__dirname, '..', 'programs', 'setup'), [], { seconds: 1200 });
  if (code !== 0) throw new Error(`test/programs/setup: ${stderr}`);
  await lab('up', [], { seconds: 180 });
  await removeLeftovers();
  await loadImages();
  await defineKinds();
}

async function takeLock(): Promise<void> {
  const end = Date.now() + 30 * 60_000;
  const own = `${LOCK}.${process.pid}`;
  // Linked into place when it is written, so that nobody reads half a lock.
  writeFileSync(own, String(process.pid));
  try {
    while (!tryLink(own)) {
      const holder = readHolder();
      if (holder !== undefined && !isAlive(holder)) rmSync(LOCK, { force: true });
      else if (Date.now() > end) throw new Error(`the lab is in use: process ${holder} holds it`);
      else await new Promise((next) => setTimeout(next, 1000));
    }
  } finally {
    rmSync(own, { force: true });
  }
}

function tryLink(own: string): boolean {
  try {
    linkSync(own, LOCK);
    return true;
  } catch {
    return false;
  }
}

/** The process that holds the lock, unless it let go just now. */
function readHolder(): number | undefined {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

// Jest takes the default export; nothing else here has one.
// biome-ignore lint/style/noDefaultExport: Jest's contract
export default start;
