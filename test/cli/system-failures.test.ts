import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { testInLargeSample } from '../support/sample-size';
import { Setting } from '../support/sealing-setting';
import { contentsOf } from '../support/support';
import { SynthSetting } from '../support/synth-setting';
import { has } from './seal/program';

/** What the machine refuses is one line with what to do and exit code 1, and leaves every file as it was. */

const setting = new SynthSetting();
beforeAll(() => {
  // Some of these tests run it as another user.
  for (const folder of ['..', '.']) chmodSync(join(builtCommand(), '..', '..', folder), 0o755);
});
beforeEach(() => {
  setting.environment('a');
});

/** Runs a shell script with the built command as `$C`, in the folder of the test. */
function shell(script: string, folder = setting.folder) {
  const env = { ...process.env, C: `${process.execPath} ${builtCommand()}` };
  const argv = ['-c', `set -o pipefail; ${script}`];
  const { status, stdout, stderr } = spawnSync('bash', argv, { cwd: folder, env, encoding: 'utf8', input: '' });
  return { status, stdout, lines: stderr.split('\n').filter(Boolean) };
}

const isRoot = process.getuid?.() === 0;
/** The start of a command line that runs it as a user who is not root. */
const AS_USER = isRoot ? 'setpriv --reuid=65534 --regid=65534 --clear-groups' : '';
const asUser = isRoot && !has('setpriv') ? test.skip : test;

describe('standard output', () => {
  const FULL = 'standard output: no space left on device (free some space, then run the command again)';
  test.each(['schema', 'synth', 'synth --diff', 'init b', '--help'])('that is full is reported: %s', (given) => {
    expect(shell(`$C ${given} > /dev/full`)).toMatchObject({ status: 1, lines: [FULL] });
  });

  test('that takes only the first part of a text is reported', () => {
    const { status, lines } = shell('ulimit -f 2; $C schema > schema.json');
    expect(status).toBe(1);
    expect(lines).toEqual(['standard output: file too large (raise the limit, for example with ulimit -f unlimited)']);
  });

  test('that a reader closes early is no failure', () => {
    expect(shell('$C schema | true')).toMatchObject({ status: 0, lines: [] });
    expect(shell('$C synth --explain monitoring | head -c 1 > first')).toMatchObject({ lines: [] });
  });

  test('that is closed is no failure', () => {
    expect(shell('$C synth >&-')).toMatchObject({ status: 0, lines: [] });
  });
});

test.each(['2> /dev/full', '2>&-', '2> >(true)'])('messages that cannot be written keep their exit code: %s', (to) => {
  expect(shell(`$C synth unknown ${to}`)).toMatchObject({ status: 1, stdout: '', lines: [] });
});

test('a working folder that was removed is reported', () => {
  const { status, lines } = shell('mkdir gone && cd gone && rmdir ../gone && $C synth');
  expect([status, lines]).toEqual([1, ['working folder: no such file or folder (check the path)']]);
});

describe('a folder that this user must not change', () => {
  beforeEach(() => {
    chmodSync(setting.folder, 0o755);
    mkdirSync(join(setting.folder, 'dist', 'a'), { recursive: true });
  });

  asUser.each(['synth', 'init b', 'synth --out new'])('is reported, and nothing is written: %s', (given) => {
    const before = contentsOf(setting.folder);
    for (const folder of ['', 'dist', 'dist/a', 'environments']) chmodSync(join(setting.folder, folder), 0o555);
    const { status, lines } = shell(`${AS_USER} $C ${given}`);
    for (const folder of ['', 'dist', 'dist/a', 'environments']) chmodSync(join(setting.folder, folder), 0o755);
    expect([status, lines]).toEqual([1, [expect.stringMatching(/^(dist|new|env)\S*: permission denied \(check /)]]);
    expect(contentsOf(setting.folder)).toEqual(before);
  });

  asUser('that cannot be read is not taken for one that was removed', async () => {
    setting.environment('b');
    const all = shell('$C synth && chmod -R a+rwX dist');
    expect(all.status).toBe(0);
    const before = contentsOf(join(setting.folder, 'dist'));
    chmodSync(join(setting.folder, 'environments', 'b'), 0);
    const { status, lines } = shell(`${AS_USER} $C synth`);
    chmodSync(join(setting.folder, 'environments', 'b'), 0o755);
    expect([status, lines]).toEqual([
      1,
      [
        'environments/b/environment.yaml:1:1 cannot be read: permission denied (check the owner and mode of it and of its folder)',
      ],
    ]);
    expect(contentsOf(join(setting.folder, 'dist'))).toEqual(before);
  });
});

const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
if (!canMount) console.warn('SKIPPED: no file system can be mounted here, so none that is full is tested');
const mounted = canMount ? test : test.skip;

describe('on a full disk', () => {
  /** Runs a script in a file system of a size; `rest` bytes of it are free. */
  const onDisk = (script: string, folder?: string) =>
    shell(`mkdir disk && unshare -rm bash -c 'mount -t tmpfs -o size=128k none disk && ${script}'`, folder);

  mounted('no file of the output changes', () => {
    const fill = 'head -c 100K /dev/zero > disk/filler && mkdir -p disk/dist/a && echo theirs > disk/dist/a/x';
    const { status, stdout, lines } = onDisk(`${fill} && $C synth --out disk/dist; S=$?; find disk -type f; exit $S`);
    expect([status, stdout.split('\n').toSorted()]).toEqual([1, ['', 'disk/dist/a/x', 'disk/filler']]);
    expect(lines).toEqual([expect.stringMatching(/^disk\/dist\/a\/\S+: no space left on device \(free some space,/)]);
  });

  mounted('seal refuses before it reads a value, and init writes nothing', () => {
    const lab = new Setting();
    const key = 'seal lab mlflow-db-credentials password --from-stdin';
    const script = [
      'cp -r environments disk/ && cd disk && { cat /dev/zero > filler; find . -type f | sort > /dev/shm/before-$$',
      `(echo hunter2; echo not read > ../read) | $C ${key}; $C init b`,
      'find . -type f | sort | diff /dev/shm/before-$$ -; S=$?; rm /dev/shm/before-$$; exit $S; }',
    ].join('; ');
    const { status, lines } = onDisk(script, lab.folder);
    expect(status).toBe(0);
    expect(lines.filter((line) => !line.startsWith('cat: '))).toEqual([
      expect.stringMatching(/^environments\/lab\/sealed-secrets\.yaml: no space left on device \(/),
      expect.stringMatching(/^environments\/b\/environment\.yaml: no space left on device \(/),
    ]);
  });
});

const traced = has('strace') ? test : test.skip;
if (!has('strace')) console.warn('SKIPPED: strace is not here, so no failing system call is tested');

describe('a system call that fails', () => {
  const calls = [
    [
      'of an environment',
      'environments/a/environment.yaml',
      'openat',
      'EMFILE',
      /1:1 cannot be read: too many open files/,
    ],
    [
      'of an environment',
      'environments/a/environment.yaml',
      'read',
      'EIO',
      /1:1 cannot be read: input or output error/,
    ],
    ['of a folder', 'environments', 'openat', 'ENFILE', /^environments: too many open files on this machine/],
    ['of a folder', 'environments', 'getdents64', 'EIO', /^environments: input or output error/],
    ['of a new folder', 'dist', 'mkdir', 'EROFS', /^dist: read-only file system/],
    ['of a new folder', 'dist/a', 'mkdir', 'ENAMETOOLONG', /^dist\/a: name too long/],
    ['of the second file', undefined, 'rename:when=2', 'EBUSY', /deployment\.k8s\.yaml: in use by the system/],
    ['of the first file', undefined, 'rename:when=1', 'EDQUOT', /namespace\.k8s\.yaml: disk quota exceeded/],
  ] as const;
  traced.each(calls)('is reported: %s, %s %s, by %s', (_, path, call, error, message) => {
    const only = path ? `-P ${path}` : '';
    const { status, stdout, lines } = shell(`strace -f -o trace ${only} -e inject=${call}:error=${error} $C synth`);
    const own = lines.filter((line) => !line.startsWith('strace: '));
    expect([status, stdout, own]).toEqual([1, '', [expect.stringMatching(message)]]);
    const partial = readdirSync(setting.folder, { recursive: true }).filter((name) =>
      String(name).includes('.partial'),
    );
    expect(partial).toEqual([]);
  });

  testInLargeSample.each([8, 12, 16, 19, 20, 22])('for want of descriptors, with %s of them', (count) => {
    // With too few, Node itself does not start.
    const { status, lines } = shell(`ulimit -n ${count}; $C --help > /dev/null 2>&1 || exit 0; $C synth`);
    expect([0, 1]).toContain(status);
    expect(lines.filter((line) => /internal error| {4}at /.test(line))).toEqual([]);
  });
});
