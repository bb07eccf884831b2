import fc from 'fast-check';
import { parseEnvironment } from '../../../lib/environment/parse';
import { resolve } from '../../../lib/environment/resolve';
import { type Composition, compose } from '../../../lib/synth/compose';
import { renderComponent } from '../../../lib/synth/output/render';
import { randomEnvironment } from '../../arbitraries/environment';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { sealedOf } from '../../support/sealed-secrets';

/** The rules over a thousand random environments with the 200 of the other properties, and the bytes of some twice. */

const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 800);
const SEED = Number(process.env.FAST_CHECK_SEED ?? 20_250_612);

/** What an input becomes; nothing when the model or the release refuses it, which is not the business of rules. */
function composed(input: unknown): Composition | undefined {
  const { environment: given } = parseEnvironment(input);
  const environment = given && resolve(given).environment;
  return environment && compose(environment, SHORT_PROGRAMS, sealedOf(environment));
}

const text = ({ components }: Composition) => components.map((component) => renderComponent('random', component));

const inputs = fc.sample(randomEnvironment, { numRuns: RUNS, seed: SEED });

test('every rule holds over all that synth makes of any environment that is valid', () => {
  const outcomes = inputs.map(composed);
  expect(outcomes.filter(Boolean).length).toBeGreaterThan(0.9 * RUNS);
  const broken = outcomes.flatMap((outcome, index) =>
    (outcome?.issues ?? []).map(({ message }) => ({ message, input: JSON.stringify(inputs[index]) })),
  );
  expect(broken).toEqual([]);
});

test('two synths of the same environment give the same bytes', () => {
  const some = inputs.filter((_, index) => index % 40 === 0);
  const twice = () => some.map((input) => text(composed(structuredClone(input)) ?? { components: [], issues: [] }));
  const first = twice();
  expect(first.flat().length).toBeGreaterThan(some.length);
  expect(twice()).toEqual(first);
});
