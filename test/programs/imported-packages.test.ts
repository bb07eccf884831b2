import { release as parseRelease } from '../../lib/mlflow/releases';
import { run } from './process';
import { firstAndLast, programs, python } from './tools';

/** Of some packages, those that are imported after a statement. */
async function imported(release: string, statement: string): Promise<readonly string[]> {
  const packages = ['fastapi', 'mlflow', 'pandas', 'pyarrow', 'uvicorn'];
  const code = `import sys; ${statement}; print(*[name for name in ${JSON.stringify(packages)} if name in sys.modules])`;
  const environment = { HOME: '/nonexistent', PATH: '/usr/bin:/bin', PYTHONPATH: programs };
  const ended = await run([python(release), '-c', code], environment);
  expect([ended.code, ended.code === 0 || ended.stderr]).toEqual([0, true]);
  return ended.stdout.trim().split(' ');
}

/** Each takes time at every start, and memory in every worker. */
describe.each(firstAndLast)('with MLflow %s', (release) => {
  test('prepare imports neither pandas nor pyarrow', async () => {
    const found = await imported(release, 'from prepare.__main__ import import_stores; import_stores(auth=True)');
    expect(found).toContain('mlflow');
    expect(found).not.toContain('pandas');
    expect(found).not.toContain('pyarrow');
  });

  test('the server imports what serves, and no other server program', async () => {
    const found = await imported(release, 'from server.launch import import_shared; import_shared()');
    const asynchronous = parseRelease(release).can('uvicorn');
    expect(found).toContain('mlflow');
    expect([found.includes('fastapi'), found.includes('uvicorn')]).toEqual([asynchronous, asynchronous]);
  });
});
