import { createRequire } from 'node:module';
import { register as registerRequire } from 'tsx/cjs/api';
import { register as registerImport } from 'tsx/esm/api';

// Here and not in NODE_OPTIONS, which would reach the programs that tests start.
registerRequire();
registerImport();

// The same cases at every run. The tests load the CommonJS of fast-check, which is not what `import` gives.
createRequire(import.meta.url)('fast-check').configureGlobal({ seed: 1 });
