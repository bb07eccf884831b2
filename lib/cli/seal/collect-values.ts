import { declaredName, type ValueSetting, valueIssues, valueWarnings } from '../../components/secrets/values';
import { InputError } from '../../input/input-error';
import { printWarning } from '../print';
import { askValue, copyNote } from './prompts';
import { describeKey, type ValueToSeal } from './selection';
import { hasTerminal, Terminal } from './terminal';
import { fernetKey, hasSource, randomValue, readSource, type SourceOptions } from './value-sources';

/** How values are obtained. */
export interface CollectOptions extends SourceOptions {
  readonly generate: boolean;
}

/** A value that is valid for the program that will read it. */
export interface CollectedValue {
  readonly wanted: ValueToSeal;
  readonly value: Buffer;
  /** Where it comes from, if you did not enter it. */
  readonly source?: { readonly isRandom: boolean; readonly note: string };
}

/**
 * Obtains each value: from an option, by generating it, from the environment file, or from a prompt.
 *
 * @param isNamed whether the command line names exactly one key
 * @throws InputError when a value cannot be obtained, if possible before the first prompt.
 */
export async function collectValues(
  all: readonly ValueToSeal[],
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
  const ready = all.map((wanted) => generateValue(wanted, options));
  const asked = all.filter((_, index) => ready[index] === undefined);
  if (asked.length > 0 && !hasTerminal()) {
    const copy = options.generate ? asked.find(({ isCopyOnly }) => isCopyOnly) : undefined;
    if (copy) refuseToGenerate(copy);
    throw new InputError([noTerminal(asked)]);
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

async function takeValue(wanted: ValueToSeal, setting: ValueSetting, options: CollectOptions): Promise<CollectedValue> {
  const value = await readSource(options);
  const issues = valueIssues(value, wanted.origin.key, setting);
  const named = wanted.targets.map(describeKey).join(', ');
  if (issues.length > 0) throw new InputError(issues.map((issue) => `${named}: ${issue}`));
  if (wanted.isCopyOnly) printWarning(copyNote(wanted));
  for (const warning of valueWarnings(value, wanted.origin.key)) printWarning(`${named}: ${warning}`);
  return { wanted, value };
}

/** A value that needs no prompt, or undefined. */
function generateValue(wanted: ValueToSeal, { generate }: CollectOptions): CollectedValue | undefined {
  const { key } = wanted.origin;
  const name = declaredName(key);
  if (name !== undefined)
    return { wanted, value: Buffer.from(name), source: { isRandom: false, note: 'from auth.users' } };
  if (!generate || !key.generated || wanted.isCopyOnly) return undefined;
  const { generated } = key;
  if ('text' in generated) {
    return { wanted, value: Buffer.from(generated.text), source: { isRandom: false, note: generated.text } };
  }
  const value = 'random' in generated ? randomValue(generated.random) : fernetKey();
  return { wanted, value, source: { isRandom: true, note: 'generated' } };
}

function refuseToGenerate({ origin, targets, isCopyOnly }: ValueToSeal): void {
  if (isCopyOnly && declaredName(origin.key) === undefined) {
    throw new InputError([
      `--generate: ${targets.map(describeKey).join(', ')} is a copy (seal ${describeKey(origin)}, which seals its copies too)`,
    ]);
  }
  if (!origin.key.generated) {
    throw new InputError([
      `--generate: ${describeKey(origin)} comes from an external system (remove --generate, and answer the prompt)`,
    ]);
  }
}

function noTerminal(asked: readonly ValueToSeal[]): string {
  const named = asked.map(({ targets: [first] }) => (first ? describeKey(first) : '')).join(', ');
  return `seal: no terminal to prompt for ${named} (name SECRET and KEY, and use --from-stdin, --from-file or --from-env)`;
}
