import fc from 'fast-check';
import { parseEnvironment } from '../lib/environment/parse';
import { resolve } from '../lib/environment/resolve';
import { compose } from '../lib/synth/compose';
import { randomEnvironment } from './arbitraries/environment';
import { SHORT_PROGRAMS } from './support/fixtures';
import { sealedOf } from './support/sealed-secrets';
const t0 = process.cpuUsage();
const inputs = fc.sample(randomEnvironment, { numRuns: 300, seed: 1 });
const t1 = process.cpuUsage(t0);
for (const input of inputs) { const { environment: given } = parseEnvironment(input); const e = given && resolve(given).environment; if (e) compose(e, SHORT_PROGRAMS, sealedOf(e)); }
const t2 = process.cpuUsage(t0);
console.log('sample', t1.user/1e3, 'compose each ms', (t2.user - t1.user) / 300e3);
