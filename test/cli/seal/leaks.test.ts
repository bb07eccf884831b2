import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../../support/built-command';
import { testInLargeSample } from '../../support/sample-size';
import { Setting } from '../../support/sealing-setting';
import { contentsOf, temporaryFolder } from '../../support/support';
import { atTerminal, has, type Step, sealArguments } from './program';

/**
 * Every system call of a run is looked at. The value may be in what the process reads where it was told to, and nowhere
 * else: not in what it writes, in arguments, in names of files, on the terminal, in any file.
 */

const HAS_TOOLS = has('strace') && has('python3');
if (!HAS_TOOLS) console.warn('SKIPPED: strace and python3 are not both here, so no system call is looked at');
const traced = HAS_TOOLS ? describe : describe.skip;

const MARKER = 'Marker0of0thirty0six0letters0in0all0';
const KEY = ['mlflow-db-credentials', 'password'];
const LOGIN = { auths: { 'registry.example.com:5000': { username: 'u', password: MARKER } } };

/** The marker as it stands, and as it would in base64, hexadecimal, a URI or UTF-16, wherever in a text it began. */
const FORMS: readonly RegExp[] = [
  MARKER,
  Buffer.from(MARKER).toString('hex'),
  [...MARKER].join('\\0'),
  ...[0, 1, 2].map((shift) => {
    const text = Buffer.from(' '.repeat(shift) + MARKER).toString('base64');
    return text.slice(4, 4 * Math.floor((MARKER.length + shift) / 3));
  }),
].map((form) => new RegExp(form.replaceAll('\\', '\\\\'), 'i'));

const isLeak = (text: string): boolean => FORMS.some((form) => form.test(text));

interface Traced {
  readonly code: number;
  readonly shown: string;
  readonly commandLines: readonly string[];
  /** The system calls that the marker is in. */
  readonly calls: readonly string[];
  readonly traceLength: number;
}

async function trace(lab: Setting, command: readonly string[], steps: readonly Step[] = []): Promise<Traced> {
  // What strace writes has the value in it, so it is not where files are looked at.
  const file = join(temporaryFolder(), 'trace');
  const conversation = await atTerminal(lab, ['strace', '-f', '-s', '65535', '-o', file, ...command], steps);
  const lines = readFileSync(file, 'latin1').split('\n');
  const { code, shown, commandLines } = conversation;
  return { code, shown, commandLines, calls: lines.filter(isLeak), traceLength: lines.length };
}

const seal = (...given: string[]) => [process.execPath, builtCommand(), ...sealArguments(given)];

/** What must hold whatever the source. */
function expectNoLeak(
  lab: Setting,
  { code, shown, commandLines, traceLength }: Traced,
  sources: readonly string[] = [],
): void {
  expect(code).toBe(0);
  expect(traceLength).toBeGreaterThan(500);
  expect(isLeak(shown)).toBe(false);
  expect(commandLines.filter(isLeak)).toEqual([]);
  const files = Object.entries(contentsOf(lab.folder)).filter(([name]) => !sources.includes(name));
  expect(files.filter(([, text]) => isLeak(text))).toEqual([]);
}

/** A call that reads. strace writes it in two lines when another thread calls in between. */
const READ = /^\d+ +(read|pread64)\(\d+, "|^\d+ +<\.\.\. (read|pread64) resumed>"/;

traced('under strace, a value', () => {
  let lab: Setting;
  beforeAll(builtCommand);
  beforeEach(() => {
    lab = new Setting();
  });

  test('that is typed is in what is read from the terminal, and nowhere else', async () => {
    const result = await trace(lab, seal(...KEY), [
      { expect: 'password): ', type: `${MARKER}\r` },
      { expect: 'once more: ', type: `${MARKER}\r` },
    ]);
    expectNoLeak(lab, result);
    expect(result.calls).toHaveLength(2);
    for (const call of result.calls) expect(call).toMatch(READ);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
  });

  testInLargeSample('that is typed for a registry, and for a user with copies, likewise', async () => {
    await lab.seal('mlflow-user-notebooks', '--generate');
    await lab.seal('mlflow-basic-auth', '--generate');
    const twice = (expect: string): Step[] => [
      { expect, type: `${MARKER}\r` },
      { expect: 'once more: ', type: `${MARKER}\r` },
    ];
    const registry = await trace(lab, seal('registry'), [
      { expect: '5000): ', type: '\r' },
      { expect: 'user: ', type: 'robot\r' },
      ...twice('password: '),
    ]);
    expectNoLeak(lab, registry);
    const user = await trace(lab, seal('mlflow-user-notebooks'), twice('MLflow): '));
    expectNoLeak(lab, user);
    for (const call of [...registry.calls, ...user.calls]) expect(call).toMatch(READ);
    expect(registry.calls.length + user.calls.length).toBe(4);
  });

  test('from a file is in what is read from the file', async () => {
    const file = lab.write('value', MARKER);
    const result = await trace(lab, seal(...KEY, '--from-file', file));
    expectNoLeak(lab, result, ['value']);
    expect(result.calls).toHaveLength(1);
    expect(result.calls[0]).toMatch(READ);
  });

  testInLargeSample('a whole file of a registry is in what is read from it', async () => {
    const file = lab.write('config.json', JSON.stringify(LOGIN));
    const result = await trace(lab, seal('registry', '--from-file', file));
    expectNoLeak(lab, result, ['config.json']);
    expect(result.calls).toHaveLength(1);
  });

  testInLargeSample('from standard input is in what is read from there', async () => {
    lab.write('value', MARKER);
    const command = ['sh', '-c', 'exec "$0" "$@" < value', ...seal(...KEY, '--from-stdin')];
    const result = await trace(lab, command);
    expectNoLeak(lab, result, ['value']);
    for (const call of result.calls) expect(call).toMatch(READ);
    expect(result.calls).toHaveLength(1);
  });

  test('from a variable is in no system call', async () => {
    // The kernel hands the environment over in one that strace does not write out.
    lab.write('value', MARKER);
    const command = [
      'sh',
      '-c',
      'read VALUE < value; export VALUE; exec "$0" "$@"',
      ...seal(...KEY, '--from-env', 'VALUE'),
    ];
    const result = await trace(lab, command);
    expectNoLeak(lab, result, ['value']);
    for (const call of result.calls) expect(call).toMatch(/^\d+ +read\(0, /);
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
  });

  testInLargeSample('that breaks a rule is not in what is said of it', async () => {
    const file = lab.write('value', `${MARKER}\n`);
    const result = await trace(lab, seal(...KEY, '--from-file', file));
    expect(result.code).toBe(1);
    expect(result.shown).toContain('ends with a line break');
    expectNoLeak(lab, { ...result, code: 0 }, ['value']);
    expect(result.calls).toHaveLength(1);
    rmSync(file);
  });

  test('that leaks is seen: in an argument, in a file, on the terminal, in base64', async () => {
    const file = lab.write('value', MARKER);
    const encode = `require('fs').writeFileSync('out', Buffer.from('x' + require('fs').readFileSync('value')).toString('base64'))`;
    for (const command of [
      ['sh', '-c', 'sleep 0 "$(cat value)"; true'],
      ['sh', '-c', 'read V < value; echo "$V" > other'],
      ['sh', '-c', 'cat value'],
      [process.execPath, '-e', encode],
    ]) {
      const { calls } = await trace(lab, command);
      expect(calls.filter((call) => !/^\d+ +(read|pread64)\(/.test(call)).length).toBeGreaterThan(0);
    }
    expect(isLeak(readFileSync(join(lab.folder, 'out'), 'utf8'))).toBe(true);
    rmSync(file);
  });
});
