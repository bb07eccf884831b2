import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { builtCommand } from '../support/built-command';
import { LAB, Setting } from '../support/sealing-setting';
import { issueLines } from '../support/support';

/** A file that is none: whatever reads it must refuse it, and not wait for it. */

let lab: Setting;
beforeEach(() => {
  lab = new Setting({ ...LAB, extends: '../../base.yaml' });
  lab.write('base.yaml', '{}\n');
});

/** Runs the command in a process that is ended if it waits. */
function runCommand(name: string, ...given: readonly string[]) {
  const folders = ['--environments', lab.environments];
  const { status, signal, stderr } = spawnSync(process.execPath, [builtCommand(), name, ...given, ...folders], {
    encoding: 'utf8',
    input: '',
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  return { code: status, signal, issues: issueLines(stderr) };
}

const synth = (...more: readonly string[]) => runCommand('synth', '--out', join(lab.folder, 'dist'), ...more);
const seal = (...more: readonly string[]) => runCommand('seal', 'lab', 'mlflow-db-credentials', 'password', ...more);

/** Replaces a file by a pipe without a writer. */
function makePipe(path: string): string {
  const file = join(lab.folder, path);
  rmSync(file, { force: true });
  execFileSync('mkfifo', [file]);
  return file;
}

describe('a pipe is refused', () => {
  test.each([
    ['environment.yaml', 'environments/lab/environment.yaml', /environment\.yaml:1:1 is a pipe/],
    ['the base of another', 'base.yaml', /environment\.yaml:\d+:1 extends: is .*base\.yaml, which is a pipe/],
    ['sealed-secrets.yaml', 'environments/lab/sealed-secrets.yaml', /sealed-secrets\.yaml:1:1 is a pipe/],
    ['the certificate', 'environments/lab/sealing-certificate.pem', /certificate\.pem:1:1 is a pipe/],
  ])('as %s', (_, path, message) => {
    makePipe(path);
    for (const result of [synth(), seal('--from-env', 'PATH')]) {
      expect(result).toMatchObject({ code: 1, signal: null });
      expect(result.issues).toContainEqual(expect.stringMatching(message));
    }
  });

  test('as the source of a value', () => {
    expect(seal('--from-file', makePipe('value'))).toEqual({
      code: 1,
      signal: null,
      issues: ['--from-file: is not a regular file (for a pipe, use --from-stdin)'],
    });
  });
});

test('a pipe in the output folder is no file of synth', () => {
  lab = new Setting({ ...LAB, secrets: { provider: 'existing' } });
  expect(synth()).toMatchObject({ code: 0 });
  makePipe('dist/lab/service.k8s.yaml');
  makePipe('dist/lab/mine.k8s.yaml');
  expect(synth()).toMatchObject({
    code: 1,
    signal: null,
    issues: [expect.stringMatching(/service\.k8s\.yaml: was not written by synth and would be overwritten/)],
  });
});

test.each(['/dev/zero', '/dev/tty', '/proc/kmsg', '/proc/self/environ', '/'])('%s is no value', (file) => {
  const { code, signal, issues } = seal('--from-file', file);
  expect([code, signal, issues.length]).toEqual([1, null, 1]);
  expect(issues[0]).not.toContain(file === '/' ? '//' : file);
});

test('a socket is no value', async () => {
  const server = createServer();
  const socket = join(lab.folder, 'socket');
  await new Promise<void>((listening) => server.listen(socket, listening));
  try {
    expect(seal('--from-file', socket).issues).toEqual([expect.stringMatching(/is not a regular file/)]);
  } finally {
    server.close();
  }
});

test('standard input without end is no value', () => {
  const endless = `yes | exec "$0" "$@"`;
  const given = [
    'seal',
    'lab',
    'mlflow-db-credentials',
    'password',
    '--from-stdin',
    '--environments',
    lab.environments,
  ];
  const { status, stderr } = spawnSync('sh', ['-c', endless, process.execPath, builtCommand(), ...given], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect([status, issueLines(stderr)]).toEqual([1, ['--from-stdin: is larger than 1 MiB (is it the right one?)']]);
});
