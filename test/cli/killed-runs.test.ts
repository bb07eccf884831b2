import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { LAB, Setting } from '../support/sealing-setting';
import { contentsOf } from '../support/support';
import { environmentOf, has } from './seal/program';

/** A run that is killed while it writes, at any of its system calls, leaves nothing that the next one does not remove. */

if (!has('strace')) console.warn('SKIPPED: strace is not here, so no run is killed');
const traced = has('strace') ? test : test.skip;
beforeAll(builtCommand);

const VALUE = 'SEAL_TEST_VALUE';
const CALLS = ['openat', 'write', 'close', 'fsync', 'fchown', 'fchmod', 'rename', 'unlink', 'mkdir'];

/** Runs the built command, perhaps below strace. */
function run(lab: Setting, given: readonly string[], tracer: readonly string[] = []) {
  const [program = '', ...argv] = [...tracer, process.execPath, builtCommand(), ...given];
  const env = { ...environmentOf(lab), [VALUE]: 'hunter2' };
  const { status, signal, stderr } = spawnSync(program, argv, { cwd: lab.folder, env, encoding: 'utf8' });
  return { status, signal, stderr };
}

/** The calls of the main thread from the first that a partial file is in: each name, and how many there were before. */
function pointsOf(lab: Setting, given: readonly string[]): (readonly [call: string, when: number])[] {
  const trace = join(lab.folder, 'trace');
  expect(run(lab, given, ['strace', '-f', '-o', trace, '-e', `trace=${CALLS}`])).toMatchObject({ status: 0 });
  const lines = readFileSync(trace, 'utf8').split('\n');
  const [main = ''] = lines[0]?.split(' ') ?? [];
  const counts: Record<string, number> = {};
  let isWriting = false;
  return lines.flatMap((line) => {
    const [, pid, call = ''] = /^(\d+) +(\w+)\(/.exec(line) ?? [];
    if (pid !== main) return [];
    counts[call] = (counts[call] ?? 0) + 1;
    isWriting ||= line.includes('.partial"');
    return isWriting ? [[call, counts[call]] as const] : [];
  });
}

/** A run that is killed at a call, with its setting. Node.js itself does not always call as often, so it is tried again. */
function killedAt(prepare: () => Setting, given: readonly string[], inject: string) {
  for (let tries = 1; ; tries += 1) {
    const lab = prepare();
    const killed = run(lab, given, ['strace', '-f', '-o', '/dev/null', '-e', inject]);
    if (killed.signal !== null || tries === 5) return { lab, killed };
  }
}

const environmentsOf = (lab: Setting) =>
  Object.entries(contentsOf(lab.folder)).filter(([path]) => path !== 'trace' && !path.endsWith('.partial'));
const partialsIn = (lab: Setting) =>
  readdirSync(lab.folder, { recursive: true }).filter((path) => String(path).endsWith('.partial'));

const commands: readonly (readonly [string, readonly string[]])[] = [
  ['synth', ['synth', 'lab']],
  ['seal', ['seal', 'lab', 'mlflow-db-credentials', 'password', '--from-env', VALUE]],
  ['init', ['init', 'new']],
];
traced.each(commands)('%s', (name, given) => {
  const prepare = () => new Setting({ ...LAB, secrets: { provider: name === 'seal' ? 'sealed' : 'existing' } });
  const example = prepare();
  const all = pointsOf(example, given);
  const complete = new Map(environmentsOf(example));
  expect(all.length).toBeGreaterThan(3);
  const step = Math.ceil(all.length / 6);
  // Node.js itself does not rename, so a partial file is always there before that; how often it opens files differs.
  const points = all.filter(([call, when], index) => index % step === 0 || (call === 'rename' && when === 1));
  let leftBehind = 0;
  for (const [call, when] of points) {
    const { lab, killed } = killedAt(prepare, given, `inject=${call}:signal=SIGKILL:when=${when}`);
    expect([call, when, killed.signal ?? killed.status]).toEqual([call, when, 'SIGKILL']);
    leftBehind += partialsIn(lab).length;
    // Sealed values differ at each run.
    for (const [path, text] of name === 'seal' ? [] : environmentsOf(lab)) expect(text).toBe(complete.get(path));
    const next = run(lab, name === 'init' && environmentsOf(lab).length > 2 ? ['init', 'other'] : given);
    expect(next).toMatchObject({ status: 0 });
    expect(partialsIn(lab)).toEqual([]);
    if (name === 'seal') expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'hunter2' });
  }
  expect(leftBehind).toBeGreaterThan(0);
});
