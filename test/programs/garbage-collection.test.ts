import { Lab } from './lab';
import { collect, environmentOf } from './maintenance-jobs';
import { prepareRendered } from './rendered-server';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

describe('garbage collection keeps its hands off', () => {
  const prepared = () => environmentOf(lab, '3.1.0', 'untouched');
  const nobody = 'http://127.0.0.1:9';

  beforeAll(async () => {
    expect((await prepareRendered(lab, prepared())).code).toBe(0);
  });

  test('a schema of another release, which below 3.9 MLflow itself would upgrade at once', async () => {
    const dump = await lab.postgres.dump('untouched');
    const collected = await collect(lab, { environment: environmentOf(lab, '3.7.0', 'untouched'), url: nobody });
    expect(collected).toMatchObject({
      code: 23,
      message: expect.stringContaining('the schema is at revision 6953534de441, and MLflow 3.7.0 has bf29a5ff90ea'),
    });
    expect(await lab.postgres.dump('untouched')).toEqual(dump);
  });

  test('everything while a backup holds the lock', async () => {
    const other = lab.hold('3.1.0', 'untouched', "SELECT pg_advisory_lock(hashtextextended('mlflow-maintenance', 0))");
    try {
      await lab.isHeld('untouched');
      const collected = await collect(lab, { environment: prepared(), url: nobody }, { GC_LOCK_TIMEOUT: '1' });
      expect(collected).toMatchObject({ code: 19, message: expect.stringContaining('ran for more than 1 s') });
      expect(collected.stdout).toContain(
        'gc: waiting for the maintenance lock: a backup, a restore or a garbage collection is running',
      );
    } finally {
      await other.stop();
    }
  });

  test('everything when the server is away, without which no file could be removed', async () => {
    const collected = await collect(
      lab,
      { environment: prepared(), url: nobody },
      { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    );
    expect(collected).toMatchObject({ code: 80, message: expect.stringContaining('server-unreachable') });
  });

  test('and an upgrade waits for its end', async () => {
    const environment = environmentOf(lab, '3.18.0', 'untouched');
    const other = lab.hold(
      '3.1.0',
      'untouched',
      "SELECT pg_advisory_lock(1), set_config('application_name', 'mlflow-gc/3.1.0', false)",
    );
    try {
      await lab.isHeld('untouched');
      const refused = await prepareRendered(lab, environment, lab.path('auth.ini'), { PREPARE_SERVERS_TIMEOUT: '0' });
      expect(refused.code).toBe(16);
      expect(refused.stderr).toContain('(garbage collection of 3.1.0)');
    } finally {
      await other.stop();
    }
  });

  test('no database because its tables are in a schema other than public', async () => {
    await lab.postgres.sql('untouched', 'ALTER SCHEMA public RENAME TO elsewhere');
    await lab.postgres.sql('postgres', 'ALTER DATABASE untouched SET search_path = elsewhere');
    // The server, which is asked once the schema was found to be the release's.
    const collected = await collect(
      lab,
      { environment: prepared(), url: nobody },
      { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
    );
    expect(collected).toMatchObject({ code: 80 });
  });
});
