import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated-files';

/** Writes the committed files that are generated from the model: `npm run generate`. */
const root = join(__dirname, '..');
for (const [name, text] of generatedFiles()) {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(name);
}
