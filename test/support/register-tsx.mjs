import { register as registerRequire } from 'tsx/cjs/api';
import { register as registerImport } from 'tsx/esm/api';

// Here and not in NODE_OPTIONS, which would reach the programs that tests start.
registerRequire();
registerImport();
