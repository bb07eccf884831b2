import { declaredName, type ValueSetting, valueIssues, valueWarnings } from '../../components/secrets/values';
import { InputError } from '../../input/input-error';
import { askValue, copyNote } from './prompts';
import { placeText, type WantedValue } from './selection';
import { hasTerminal, Terminal } from './terminal';
import { hasSource, randomValue, readSource, type SourceOptions } from './value-sources';

/** How values are come by. */
export interface CollectOptions extends SourceOptions {
  readonly generate: boolean;
}

/** A value that keeps the rules of what will read it. */
export interface CollectedValue {
  readonly wanted: WantedValue;
  readonly value: Buffer;
  /** Where it is from, where nobody gave it. */
  readonly made?: { readonly random: boolean; readonly how: string };
}

/**
 * Comes by each value: from an option, by making it, from the environment file that says it, or by asking a person.
 *
 * @param isNamed whether one key alone was meant
 * @throws InputError when one cannot be had, before anybody is asked where that is possible.
 */
export async function collectValues(
  all: readonly WantedValue[],
  setting: ValueSetting,
  options: CollectOptions,
  isNamed: boolean,
): Promise<CollectedValue[]> {
  const [first, second] = all;
  if (hasSource(options)) {
    if (!first || second || !isNamed) {
      throw new InputError(['--from-stdin, --from-file, --from-env: read one value (name SECRET and KEY)']);
    }
    return [await takeValue(first, setting, options)];
  }
  if (options.generate && isNamed && first) refuseToGenerate(first);
  const ready = all.map((wanted) => makeValue(wanted, options));
  const asked = all.filter((_, index) => ready[index] === undefined);
  if (asked.length > 0 && !hasTerminal()) {
    const copy = options.generate ? asked.find(({ isCopyAlone }) => isCopyAlone) : undefined;
    if (copy) refuseToGenerate(copy);
    throw new InputError([nobodyToAsk(asked)]);
  }
  const ask = async (terminal: Terminal) => {
    const answers: CollectedValue[] = [];
    for (const wanted of asked) {
      answers.push({ wanted, value: await askValue(terminal, wanted, setting) });
    }
    return answers;
  };
  const answers = asked.length > 0 ? await Terminal.during(ask) : [];
  return all.flatMap((wanted, index) => ready[index] ?? answers.filter((answer) => answer.wanted === wanted));
}

async function takeValue(wanted: WantedValue, setting: ValueSetting, options: CollectOptions): Promise<CollectedValue> {
  const value = await readSource(options);
  const issues = valueIssues(value, wanted.origin.key, setting);
  const named = wanted.places.map(placeText).join(', ');
  if (issues.length > 0) throw new InputError(issues.map((issue) => `${named}: ${issue}`));
  if (wanted.isCopyAlone) console.error(`warning: ${copyNote(wanted)}`);
  for (const warning of valueWarnings(value, wanted.origin.key)) console.error(`warning: ${named}: ${warning}`);
  return { wanted, value };
}

/** What needs nobody, or undefined. */
function makeValue(wanted: WantedValue, { generate }: CollectOptions): CollectedValue | undefined {
  const { key } = wanted.origin;
  const name = declaredName(key);
  if (name !== undefined)
    return { wanted, value: Buffer.from(name), made: { random: false, how: 'as auth.users says' } };
  if (!generate || !key.generated || wanted.isCopyAlone) return undefined;
  const { generated } = key;
  if ('random' in generated) {
    return { wanted, value: randomValue(generated.random), made: { random: true, how: 'generated' } };
  }
  return { wanted, value: Buffer.from(generated.text), made: { random: false, how: generated.text } };
}

function refuseToGenerate({ origin, places, isCopyAlone }: WantedValue): void {
  if (isCopyAlone && declaredName(origin.key) === undefined) {
    throw new InputError([
      `--generate: ${places.map(placeText).join(', ')} is a copy (seal ${placeText(origin)}, which seals its copies too)`,
    ]);
  }
  if (!origin.key.generated) {
    throw new InputError([
      `--generate: ${placeText(origin)} comes from an external system (remove --generate, and answer the prompt)`,
    ]);
  }
}

function nobodyToAsk(asked: readonly WantedValue[]): string {
  const named = asked.map(({ places: [first] }) => (first ? placeText(first) : '')).join(', ');
  return `seal: no terminal to prompt for ${named} (name SECRET and KEY, and use --from-stdin, --from-file or --from-env)`;
}
