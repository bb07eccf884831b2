import { join } from 'node:path';
import { describeLayers, layerFaults, readImports } from './imports';

/** Draws the layout from the imports, and fails when an arrow points upward or runs in a circle. */
const imports = readImports(join(__dirname, '..'));
const faults = layerFaults(imports);
for (const line of describeLayers(imports)) console.log(line);
for (const fault of faults) console.error(fault);
console.log(`${imports.length} imports, ${faults.length} upward or in a circle`);
process.exitCode = faults.length > 0 ? 1 : 0;
