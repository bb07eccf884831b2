import { join } from 'node:path';
import { Elsewhere } from './elsewhere';
import { Lab } from './lab';
import { type Access, collect, environmentOf, smokeTest } from './maintenance-jobs';
import { filesIn } from './object-store';
import { administrator } from './pod-variables';
import { literal } from './postgres';
import { run } from './process';
import { labEnvironment, RenderedServer } from './rendered-server';
import { marked } from './said';
import { everyRelease, firstAndLast, newestOnly, python } from './tools';

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
    files: Object.keys(name.startsWith('volume-') ? filesIn(join(lab.volume, name)) : lab.store.objects(name)),
  };
}

const cases: readonly (readonly [version: string, access: Access])[] = [
  ...firstAndLast.map((version) => [version, 'proxied'] as const),
  ...newestOnly.map((version) => [version, 'direct'] as const),
  ...newestOnly.map((version) => [version, 'on a volume'] as const),
];

describe.each(cases)('beside MLflow %s, with %s artifacts', (version, access) => {
  const name = `${{ proxied: 'jobs', direct: 'direct', 'on a volume': 'volume' }[access]}-${version}`;
  let server: RenderedServer;
  let made: Made;

  beforeAll(async () => {
    server = await RenderedServer.start(lab, environmentOf(lab, version, name, access));
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
    const collected = await collect(lab, server);
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
    const tested = await smokeTest(lab, server);
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
    const elsewhere = await Elsewhere.start(lab, `elsewhere-${name}`);
    try {
      const count = await elsewhere.addExperiments(server);
      const before = elsewhere.files();
      const collected = await collect(lab, server);
      expect(collected).toMatchObject({ code: 0, stderr: '' });
      const said = collected.stdout.split('\n').filter((line) => line.includes('not below the artifact root'));
      expect(said.filter((line) => line.startsWith('gc: keeps experiment '))).toHaveLength(count);
      expect(said.filter((line) => line.startsWith('gc: keeps run '))).toHaveLength(count);
      expect(elsewhere.asked).toEqual([]);
      expect(before).toHaveLength(3);
      expect(elsewhere.files()).toEqual(before);
    } finally {
      elsewhere.stop();
    }
  });

  // What follows is the same on every release, and each start of MLflow takes seconds.
  if (version !== '3.18.0' || access !== 'proxied') return;

  test('garbage collection finds nothing the next time, and says so', async () => {
    const before = await inventory(name);
    const again = await collect(lab, server);
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
    expect(await collect(lab, server, changes)).toMatchObject({ code: 81, message: line('gc', 'refuses this login') });
    expect(await smokeTest(lab, server, changes)).toMatchObject({
      code: 81,
      message: line('smoke test', 'refuses this login'),
    });
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
    expect(await collect(lab, server)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('gc: removed 2 runs, '),
    });
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
  const failed = await smokeTest(lab, server, { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' });
  expect(failed).toMatchObject({
    code: 84,
    message: expect.stringContaining('smoke test failed (artifacts, exit 84): file of 1 MB up: '),
  });
  expect(failed.stdout).toContain('smoke test: left behind: files of run ');
  expect(await lab.postgres.sql(name, active)).toBe(before);
});
