import { constants } from 'node:os';
import { builtCommand } from '../../support/built-command';
import { testInLargeSample } from '../../support/sample-size';
import { Setting } from '../../support/sealing-setting';
import { contentsOf } from '../../support/support';
import { has, type Step, sealAtTerminal, twice } from './program';
import { DATABASE } from './values';

const PYTHON = has('python3');
if (!PYTHON) console.warn('SKIPPED: python3 is not here, so no signal is sent at a terminal');
const atTerminalOnly = PYTHON ? describe : describe.skip;

let lab: Setting;
beforeAll(builtCommand);
beforeEach(() => {
  lab = new Setting();
});

/** Those that end a process by default, besides the ones that are always sent. */
const OTHER_SIGNALS = (
  [
    'SIGQUIT',
    'SIGTRAP',
    'SIGABRT',
    'SIGUSR2',
    'SIGALRM',
    'SIGSTKFLT',
    'SIGXCPU',
    'SIGVTALRM',
    'SIGIO',
    'SIGPWR',
  ] as const
).filter((signal) => signal in constants.signals);

const MARKER = 'a-marker-of-33-letters-0123456789';

atTerminalOnly('at a terminal', () => {
  /** Waits for the second question, interrupts it, and sees the file as it was and a terminal that echoes. */
  async function interrupt(step: Step, code: number): Promise<void> {
    await lab.sealValue('before', ...DATABASE);
    const before = contentsOf(lab.folder);
    const conversation = await sealAtTerminal(lab, DATABASE, [{ expect: 'password): ', type: `${MARKER}\r` }, step]);
    expect([conversation.code, conversation.echoes]).toEqual([code, true]);
    expect(conversation.shown).not.toContain(MARKER);
    expect(contentsOf(lab.folder)).toEqual(before);
  }

  const title = '%s leaves the file as it was and the terminal echoing';
  test.each<[string, Step, number]>([
    ['Ctrl-C within a line', { expect: 'once more: ', type: 'half\x03' }, 130],
    ['Ctrl-D', { expect: 'once more: ', type: '\x04' }, 130],
    ['SIGINT', { expect: 'once more: ', signal: 'SIGINT' }, -2],
    ['SIGTERM', { expect: 'once more: ', signal: 'SIGTERM' }, -15],
    ['SIGHUP', { expect: 'once more: ', signal: 'SIGHUP' }, -1],
    ['SIGUSR1', { expect: 'once more: ', signal: 'SIGUSR1' }, -10],
  ])(title, (_, step, code) => interrupt(step, code));
  testInLargeSample.each<[string, Step, number]>([
    ['Ctrl-C', { expect: 'once more: ', type: '\x03' }, 130],
    ['Ctrl-\\', { expect: 'once more: ', type: '\x1c' }, 130],
    ...OTHER_SIGNALS.map((signal): [string, Step, number] => [
      signal,
      { expect: 'once more: ', signal },
      -(constants.signals[signal] ?? 0),
    ]),
  ])(title, (_, step, code) => interrupt(step, code));

  test.each(['SIGTSTP', 'SIGSTOP'] as const)('%s and SIGCONT: nothing of the value is shown', async (signal) => {
    const { shown, code, echoes, echoedWhileStopped } = await sealAtTerminal(lab, DATABASE, [
      { expect: 'password): ', type: MARKER.slice(0, 5) },
      { expect: '', signal },
      { expect: 'password): ', type: `${MARKER.slice(5)}\r` },
      { expect: 'once more: ', type: `${MARKER}\r` },
    ]);
    // Nothing can be done before SIGSTOP: a shell restores the terminal then.
    expect([code, echoes, echoedWhileStopped]).toEqual([0, true, [signal === 'SIGTSTP']]);
    expect(shown).not.toContain(MARKER.slice(5));
    expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': MARKER });
  });

  test('SIGPIPE changes nothing', async () => {
    const steps = twice('password): ', MARKER);
    const piped = [{ expect: 'mlflow/', signal: 'SIGPIPE' }, ...steps];
    expect(await sealAtTerminal(lab, DATABASE, piped)).toMatchObject({ code: 0, echoes: true });
  });
});
