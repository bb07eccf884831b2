import type { EnvironmentInput } from '../../lib/environment/model';
import { composeEnvironment } from '../../lib/synth/compose';
import { type EnvironmentOutput, planOutput, writeOutput } from '../../lib/synth/output/writer';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { sealedOf } from '../support/sealed-secrets';
import { resolved } from '../support/support';
import { BASE } from './base';
import { ROWS } from './matrix';

/** Everything of one object and of another, the latter's first; lists are taken as they are. */
function merged(below: object, above: object): object {
  const keys = new Map<string, unknown>(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const other = keys.get(key);
    keys.set(key, isMap(other) && isMap(value) ? merged(other, value) : value);
  }
  return Object.fromEntries(keys);
}

const isMap = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);

const overBase = Object.entries(ROWS).map(([name, row]) => [name, merged(BASE, row)] as const);

/** The environments to validate, by name. */
export const COMBINATIONS: ReadonlyMap<string, EnvironmentInput> = new Map([
  ['smallest', { database: { host: 'postgres' }, artifacts: { s3: { bucket: 'artifacts' } } }],
  ...overBase,
]);

/**
 * What an environment becomes in a namespace of its own, so that many can lie in one folder; `name` is both. The programs
 * are the same in each and stand in the committed environments; here they would only cost time.
 */
export function outputOf(name: string, input: EnvironmentInput): EnvironmentOutput {
  const environment = resolved({ ...input, namespace: { ...input.namespace, name } });
  const { files, issues } = composeEnvironment(environment, SHORT_PROGRAMS, sealedOf(environment));
  if (issues.length > 0) throw new Error(`${name}: ${JSON.stringify(issues)}`);
  return { name, files };
}

/** Writes environments into a folder, a folder each, with the writer that the command uses. */
export function writeAll(folder: string, inputs: ReadonlyMap<string, EnvironmentInput>): EnvironmentOutput[] {
  const outputs = [...inputs].map(([name, input]) => outputOf(name, input));
  writeOutput(folder, planOutput(folder, outputs, { all: false }));
  return outputs;
}
