import { rmSync } from 'node:fs';
import { removeSurroundings } from './homelab';
import { removeLeftovers } from './leftovers';
import { LOCK } from './start';

/** Jest's global teardown of this tier: leaves the lab up, with nothing of ours in it. */
async function stop(): Promise<void> {
  await removeSurroundings();
  await removeLeftovers();
  rmSync(LOCK, { force: true });
}

// biome-ignore lint/style/noDefaultExport: Jest's contract
export default stop;
