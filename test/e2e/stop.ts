import { rmSync } from 'node:fs';
import { removeSurroundings } from './homelab';
import { removeKinds } from './lab';
import { LOCK } from './start';

/** Jest's global teardown of this tier: leaves the lab up, with nothing of ours in it. */
async function stop(): Promise<void> {
  await removeSurroundings();
  await removeKinds();
  rmSync(LOCK, { force: true });
}

// biome-ignore lint/style/noDefaultExport: Jest's contract
export default stop;
