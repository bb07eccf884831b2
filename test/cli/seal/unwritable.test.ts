import { spawnSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtCommand } from '../../support/built-command';
import { Setting } from '../../support/sealing-setting';
import { contentsOf } from '../../support/support';
import { atTerminal, environmentOf, has, sealArguments } from './program';
import { DATABASE } from './values';

/** What cannot be written is reported before a question; what can, keeps its owner as far as the user may set it. */

const isRoot = process.getuid?.() === 0;
const canBeAnother = isRoot && has('setpriv') && has('python3');
if (!canBeAnother) console.warn('SKIPPED: not root with setpriv and python3, so nothing is sealed as another user');
const asAnother = canBeAnother ? test : test.skip;
const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

let lab: Setting;
let folder = '';
beforeAll(() => {
  for (const above of ['..', '.']) chmodSync(join(builtCommand(), '..', '..', above), 0o755);
});
beforeEach(() => {
  lab = new Setting();
  folder = dirname(lab.file);
  chmodSync(lab.folder, 0o755);
});

const seal = (...more: readonly string[]) => [
  ...AS_NOBODY,
  process.execPath,
  builtCommand(),
  ...sealArguments([...DATABASE, ...more]),
];

asAnother('a folder that cannot be written is reported before a question', async () => {
  const before = contentsOf(lab.folder);
  const { shown, code } = await atTerminal(lab, seal(), []);
  expect([code, shown]).toEqual([
    1,
    'environments/lab/sealed-secrets.yaml: permission denied (check the owner and mode of it and of its folder)\r\n',
  ]);
  expect(contentsOf(lab.folder)).toEqual(before);
});

asAnother('a file that cannot be written is reported before a question, also in a folder that can', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  chmodSync(folder, 0o777);
  const before = contentsOf(lab.folder);
  const { shown, code } = await atTerminal(lab, seal(), []);
  expect([code, shown]).toEqual([
    1,
    expect.stringMatching(/^\S+sealed-secrets\.yaml: permission denied \([^\n]*\r\n$/),
  ]);
  expect(contentsOf(lab.folder)).toEqual(before);
});

asAnother('an owner that cannot be kept is reported, and the mode is kept', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  chmodSync(folder, 0o777);
  chmodSync(lab.file, 0o666);
  const [program = '', ...argv] = seal('--from-stdin');
  const { status, stderr } = spawnSync(program, argv, {
    cwd: lab.folder,
    env: environmentOf(lab),
    input: 'hunter3',
    encoding: 'utf8',
  });
  const file = 'environments/lab/sealed-secrets.yaml';
  expect([status, stderr.split('\n')]).toEqual([
    0,
    [
      `warning: ${file}: its owner could not be kept (set it again)`,
      `warning: ${file}: its group could not be kept (set it again)`,
      '',
    ],
  ]);
  expect([statSync(lab.file).uid, lab.mode]).toEqual([65534, 0o666]);
  expect(lab.opened).toEqual({ 'mlflow/mlflow-db-credentials password': 'hunter3' });
});
