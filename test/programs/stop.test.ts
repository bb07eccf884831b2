import { join } from 'node:path';
import { run, Service, waitFor } from './process';
import { programPath, programs, python } from './tools';

const interpreter = python('3.1.0');

/** A launcher that, as PID 1 does, ignores SIGTERM, and that never collects its children. */
const launcher = `
import subprocess, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
slow = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), print('drained', flush=True), sys.exit()));"
for name, program in ("gunicorn", slow), ("uvicorn", slow), ("other", ""):
    subprocess.Popen([sys.executable, "-c", program + " print('up', flush=True); time.sleep(600)" if program else "import time; print('up', flush=True); time.sleep(600)", name])
time.sleep(600)
`;

describe('stop.py', () => {
  let service: Service;

  beforeEach(async () => {
    service = new Service([interpreter, '-c', launcher], {});
    await waitFor('three children', () => service.output.split('up').length === 4);
  });

  afterEach(async () => {
    await service.stop('SIGKILL');
  });

  const stop = (...args: string[]) => run([interpreter, programPath('server/stop.py'), ...args], {});

  test('ends gunicorn and uvicorn below the launcher, waits until they are done, and touches nothing else', async () => {
    const result = await stop('0', '--terminate-children', '--parent', `${service.pid}`);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(service.output.split('drained')).toHaveLength(3);
    expect(service.isRunning).toBe(true);
    const alive = await run(['ps', '-o', 'args=', '--ppid', `${service.pid}`], { PATH: process.env.PATH });
    expect(alive.stdout).toContain('other');
  });

  test('without the flag it only lets time pass', async () => {
    const started = Date.now();
    expect(await stop('0.5', '--parent', `${service.pid}`)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(Date.now() - started).toBeGreaterThanOrEqual(500);
    expect(service.output).not.toContain('drained');
  });

  test('with nothing to end it ends at once', async () => {
    expect(await stop('0', '--terminate-children', '--parent', '999999999')).toMatchObject({ code: 0 });
  });

  test('a wrong argument is refused', async () => {
    const result = await stop('soon');
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("invalid float value: 'soon'") });
  });
});

test('no script holds what Flux would substitute, a tab or a blank at the end of a line', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const folder = programs;
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
  expect(files).toEqual(expect.arrayContaining(['prepare/__main__.py', 'server/stop.py']));
  for (const name of files)
    expect([name, readFileSync(join(folder, name), 'utf8').match(/\$\{|\t| $/gm)]).toEqual([name, null]);
});
