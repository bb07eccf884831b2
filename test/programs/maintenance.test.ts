import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { garbageCollectionVariables } from '../../lib/components/garbage-collection/variables';
import { smokeTestVariables } from '../../lib/components/smoke-test/variables';
import { Lab, marked } from './lab';
import { literal } from './postgres';
import { run } from './process';
import { administrator, labEnvironment, prepareRendered, RenderedServer, runJob } from './rendered-server';
import { everyRelease, python, releases, runReleases } from './tools';

/** The programs of the Jobs beside a server, against real ones. */

let lab: Lab;
const servers: Record<string, RenderedServer> = {};

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

type Ids = Readonly<Record<string, string>>;
interface Made {
  readonly runs: Ids;
  readonly models: Ids;
  readonly experiments: Ids;
}

type Access = 'proxied' | 'direct';

const environmentOf = (version: string, name = `jobs-${version}`, access: Access = 'proxied') =>
  labEnvironment(lab, version, name, {
    artifacts: { access, s3: { bucket: name, endpoint: lab.store.url, createBucket: true } },
    garbageCollection: { olderThan: '1h' },
  });

const collect = (
  server: Pick<RenderedServer, 'environment' | 'url'>,
  changes: Readonly<Record<string, string>> = {},
) => {
  const { environment } = server;
  const settings = environment.garbageCollection;
  if (!settings) throw new Error('no garbage collection');
  return runJob(lab, server, 'garbage_collection', garbageCollectionVariables(environment, settings), changes);
};

const smokeTest = (
  server: Pick<RenderedServer, 'environment' | 'url'>,
  changes: Readonly<Record<string, string>> = {},
) => runJob(lab, server, 'smoke_test', smokeTestVariables(server.environment), changes);

/** Every row that has an id of ours, by table, and every file. */
async function inventory(name: string) {
  const rows = async (query: string) => (await lab.postgres.sql(name, query)).split('\n').filter(Boolean);
  return {
    runs: await rows('SELECT run_uuid, lifecycle_stage FROM runs ORDER BY 1'),
    metrics: await rows('SELECT run_uuid, key, step, value FROM metrics ORDER BY 1, 2, 3'),
    params: await rows('SELECT run_uuid, key, value FROM params ORDER BY 1, 2'),
    experiments: await rows('SELECT experiment_id, name, lifecycle_stage FROM experiments ORDER BY 1'),
    models: await rows('SELECT model_id, experiment_id, lifecycle_stage FROM logged_models ORDER BY 1'),
    versions: await rows('SELECT name, version, source, current_stage FROM model_versions ORDER BY 1, 2'),
    traces: await rows('SELECT request_id, experiment_id FROM trace_info ORDER BY 1'),
    files: Object.keys(lab.store.objects(name)),
  };
}

const cases: readonly (readonly [version: string, access: Access])[] = [
  ...(everyRelease ? runReleases : releases).map((version) => [version, 'proxied'] as const),
  ...releases.map((version) => [version, 'direct'] as const),
];

describe.each(cases)('beside MLflow %s, with %s artifacts', (version, access) => {
  const name = access === 'direct' ? `direct-${version}` : `jobs-${version}`;
  let server: RenderedServer;
  let made: Made;

  beforeAll(async () => {
    server = await RenderedServer.start(lab, environmentOf(version, name, access));
    if (access === 'proxied') servers[version] = server;
    const env = {
      ...lab.env(version),
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_TRACKING_USERNAME: administrator[0],
      MLFLOW_TRACKING_PASSWORD: administrator[1],
    };
    made = JSON.parse(marked(await run([python(version), join(__dirname, 'programs', 'deleted.py')], env))) as Made;
    const old = (ids: Ids) =>
      Object.entries(ids)
        .filter(([what]) => what.startsWith('old'))
        .map(([, id]) => literal(id))
        .join();
    const hours = 2 * 3600 * 1000;
    await lab.postgres.sql(
      name,
      `UPDATE runs SET deleted_time = deleted_time - ${hours} WHERE run_uuid IN (${old(made.runs)})`,
      `UPDATE experiments SET last_update_time = last_update_time - ${hours} WHERE experiment_id::text IN (${old(made.experiments)})`,
      `UPDATE logged_models SET last_updated_timestamp_ms = last_updated_timestamp_ms - ${hours} WHERE model_id IN (${old(made.models)})`,
    );
  });

  test('garbage collection removes what was deleted long enough ago, with its files, and nothing else', async () => {
    const before = await inventory(name);
    const collected = await collect(server);
    const after = await inventory(name);
    expect(collected).toMatchObject({ code: 0, stderr: '' });
    const modern = server.environment.release.atLeast('3.7.0');
    const runs = ['old', 'old without file', 'old unregistered', 'old in old', 'old in revived', 'old in needed'].map(
      (what) => made.runs[what] ?? '',
    );
    const models = ['in old', ...(modern ? ['old'] : [])].map((what) => made.models[what] ?? '');
    const experiments = ['old', 'old traced'].map((what) => made.experiments[what] ?? '');
    const isGone = (kind: string, row: string) =>
      [...runs, ...models].some((id) => row.includes(id)) ||
      (kind === 'experiments' && experiments.some((id) => row.startsWith(`${id}|`))) ||
      (kind === 'traces' && experiments.some((id) => row.endsWith(`|${id}`))) ||
      (kind === 'files' && experiments.some((id) => row.startsWith(`${id}/traces/`)));
    const expected = Object.fromEntries(
      Object.entries(before).map(([kind, rows]) => [kind, rows.filter((row) => !isGone(kind, row))]),
    );
    expect(after).toEqual(expected);
    expect(before.files.length - after.files.length).toBeGreaterThanOrEqual(5);
  });

  test('the smoke test uses all of it, and leaves nothing behind but what any delete does', async () => {
    const before = await inventory(name);
    const tested = await smokeTest(server);
    expect(tested).toMatchObject({ code: 0, stderr: '' });
    const last = tested.stdout.trim().split('\n').at(-1);
    expect(last).toMatch(new RegExp(`^smoke test: passed in [\\d.]+ s, with MLflow ${version} at http:`));
    const after = await inventory(name);
    expect(after.files).toEqual(before.files);
    const isKept = (row: string) => !row.endsWith('|deleted') && !row.endsWith('|Deleted_Internal');
    for (const kind of ['runs', 'experiments', 'models', 'versions'] as const) {
      expect(after[kind].filter(isKept)).toEqual(before[kind].filter(isKept));
    }
  });

  test('garbage collection sends nothing to, and removes nothing from, where users say that their files are', async () => {
    const asked: (string | undefined)[] = [];
    const listener = createServer(({ url, headers }, response) => {
      asked.push(`${url} ${headers.authorization}`);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
    const [folder, bucket] = [mkdtempSync(lab.path('elsewhere')), `elsewhere-${name}`];

    const locations = [
      `http://${host}/1`,
      `mlflow-artifacts://${host}/1`,
      folder,
      `file://${folder}`,
      `s3://${bucket}`,
    ];
    try {
      for (const location of locations) {
        const api = '/api/2.0/mlflow';
        const json = await server.must<{ experiment_id: string }>(`${api}/experiments/create`, {
          json: { name: location },
        });
        const id = json.experiment_id;
        const { run: created } = await server.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, {
          json,
        });
        const run = literal(created.info.run_id);
        await server.must(`${api}/experiments/delete`, { json });
        // Where an experiment ends in its own id, folders in it are removed as a whole.
        const files = `${location}/${id}`;
        if (location.includes(folder)) mkdirSync(join(folder, id, 'models'), { recursive: true });
        if (location.includes(bucket)) lab.store.write(bucket, `${id}/models/file`, 'kept');
        await lab.postgres.sql(
          name,
          `UPDATE experiments SET artifact_location = ${literal(files)}, last_update_time = 0 WHERE experiment_id = ${id}`,
          `UPDATE runs SET artifact_uri = ${literal(files)}, lifecycle_stage = 'deleted', deleted_time = 0 WHERE run_uuid = ${run}`,
        );
      }
      const collected = await collect(server);
      expect(collected).toMatchObject({ code: 0, stderr: '' });
      const said = collected.stdout.split('\n').filter((line) => line.includes('not below the artifact root'));
      expect(said.filter((line) => line.startsWith('gc: keeps experiment '))).toHaveLength(locations.length);
      expect(said.filter((line) => line.startsWith('gc: keeps run '))).toHaveLength(locations.length);
      expect(asked).toEqual([]);
      expect(readdirSync(folder).flatMap((id) => readdirSync(join(folder, id)))).toEqual(['models', 'models']);
      expect(Object.keys(lab.store.objects(bucket))).toHaveLength(1);
    } finally {
      listener.close();
    }
  });

  // What follows is the same on every release, and each start of MLflow takes seconds.
  if (version !== '3.18.0' || access === 'direct') return;

  test('garbage collection finds nothing the next time, and says so', async () => {
    const before = await inventory(name);
    const again = await collect(server);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain(
      'gc: removed 0 runs, 0 logged models, 0 experiments, which were deleted more than 1h ago',
    );
    expect(await inventory(name)).toEqual(before);
  });

  test('both say whose login it is that the server refuses', async () => {
    const changes = { MLFLOW_TRACKING_PASSWORD: 'not the password' };
    const line = (program: string, detail: string) =>
      expect.stringMatching(`^${program} failed \\(server-login, exit 81\\): .*${detail}`);
    expect(await collect(server, changes)).toMatchObject({ code: 81, message: line('gc', 'refuses this login') });
    expect(await smokeTest(server, changes)).toMatchObject({
      code: 81,
      message: line('smoke test', 'refuses this login'),
    });
  });
});

describe('garbage collection keeps its hands off', () => {
  const prepared = () => environmentOf('3.1.0', 'untouched');
  const nobody = 'http://127.0.0.1:9';

  beforeAll(async () => {
    expect((await prepareRendered(lab, prepared())).code).toBe(0);
  });

  test('a schema of another release, which below 3.9 MLflow itself would upgrade at once', async () => {
    const dump = await lab.postgres.dump('untouched');
    const collected = await collect({ environment: environmentOf('3.7.0', 'untouched'), url: nobody });
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
      const collected = await collect({ environment: prepared(), url: nobody }, { GC_LOCK_TIMEOUT: '1' });
      expect(collected).toMatchObject({ code: 19, message: expect.stringContaining('ran for more than 1 s') });
      expect(collected.stdout).toContain(
        'gc: waiting for the maintenance lock: a backup, a restore or a garbage collection is running',
      );
    } finally {
      await other.stop();
    }
  });

  test('everything when the server is away, without which no file could be removed', async () => {
    const collected = await collect({ environment: prepared(), url: nobody }, { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });
    expect(collected).toMatchObject({ code: 80, message: expect.stringContaining('server-unreachable') });
  });

  test('and an upgrade waits for its end', async () => {
    const environment = environmentOf('3.18.0', 'untouched');
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
    const collected = await collect({ environment: prepared(), url: nobody }, { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });
    expect(collected).toMatchObject({ code: 80 });
  });
});

/** Rarely used, and a server of its own: only with every release. */
if (everyRelease) {
  test('garbage collection goes through all workspaces, where they are turned on', async () => {
    const environment = labEnvironment(lab, '3.18.0', 'spaces', {
      garbageCollection: { olderThan: '1h' },
      server: { options: { 'enable-workspaces': true } },
    });
    const server = await RenderedServer.start(lab, environment);
    const api = '/api/2.0/mlflow';
    await server.ask('/api/3.0/mlflow/workspaces', { json: { name: 'other' } });
    for (const workspace of ['default', 'other']) {
      const headers = { 'X-MLFLOW-WORKSPACE': workspace };
      const json = await server.must<object>(`${api}/experiments/create`, { json: { name: workspace }, headers });
      const { run: created } = await server.must<{ run: { info: { run_id: string; artifact_uri: string } } }>(
        `${api}/runs/create`,
        { json, headers },
      );
      const { run_id, artifact_uri } = created.info;
      const path = `/api/2.0/mlflow-artifacts/artifacts/${artifact_uri.replace('mlflow-artifacts:/', '')}/a.bin`;
      await server.ask(path, { method: 'PUT', body: 'hello', headers });
      await server.must(`${api}/runs/delete`, { json: { run_id }, headers });
    }
    expect(Object.keys(lab.store.objects('spaces'))).toHaveLength(2);
    await lab.postgres.sql('spaces', 'UPDATE runs SET deleted_time = deleted_time - 7200000');
    expect(await collect(server)).toMatchObject({ code: 0, stdout: expect.stringContaining('gc: removed 2 runs, ') });
    expect(lab.store.objects('spaces')).toEqual({});
    expect(await lab.postgres.sql('spaces', 'SELECT run_uuid FROM runs')).toBe('');
  });
}

test('the smoke test says which step fails, and still removes what it created', async () => {
  const name = 'jobs-3.18.0';
  const server = servers['3.18.0'];
  if (!server) throw new Error('no server');
  const active = "SELECT count(*) FROM experiments WHERE lifecycle_stage = 'active'";
  const before = await lab.postgres.sql(name, active);
  await lab.store.stop();
  const failed = await smokeTest(server, { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });
  expect(failed).toMatchObject({
    code: 84,
    message: expect.stringContaining('smoke test failed (artifacts, exit 84): file of 1 MB up: '),
  });
  expect(failed.stdout).toContain('smoke test: left behind: files of run ');
  expect(await lab.postgres.sql(name, active)).toBe(before);
});
