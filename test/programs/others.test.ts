import { api, artifacts, start, User, unique, usersOf, versions } from './apart';
import { Lab } from './lab';

/** What a user does with things of their own reaches nothing of others: on PostgreSQL and S3, where details differ. */

const gateway = '/api/3.0/mlflow/gateway';
const withGateway = versions.filter((version) => version !== '3.1.0');

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
  for (const version of versions) await start(lab, `others-${version}`, version);
});

afterAll(async () => {
  await lab?.stop();
});

test.each(versions)(
  'with MLflow %s, artifacts are deleted below a path, and none beside it',
  async (version) => {
    const [maker, other] = usersOf(`others-${version}`);
    const mine = await other.experiment();
    let theirs = '';
    while (!theirs.startsWith(mine)) theirs = await maker.experiment();
    const { folder } = await maker.run(theirs);
    const own = await other.run(mine);
    const beside = `${mine}/${own.id}/artifacts-beside`;
    for (const each of ['file', 'folder/file', 'folder-beside/file']) await other.upload(`${own.folder}/${each}`);
    await maker.upload(`${folder}/file`);
    await other.upload(`${beside}/file`);

    expect((await other.ask(`${artifacts}/${own.folder}/folder`, undefined, 'DELETE')).status).toBe(200);
    expect(await other.status(`${artifacts}/${own.folder}/folder/file`)).not.toBe(200);
    expect(await other.status(`${artifacts}/${own.folder}/folder-beside/file`)).toBe(200);
    expect((await other.ask(`${artifacts}/${own.folder}/file`, undefined, 'DELETE')).status).toBe(200);
    expect(await other.status(`${artifacts}/${own.folder}/file`)).not.toBe(200);
    for (const base of [artifacts, artifacts.replace('/api', '/ajax-api')]) {
      expect((await other.ask(`${base}/${mine}`, undefined, 'DELETE')).status).toBe(200);
      expect(await other.status(`${artifacts}/${beside}/file`)).not.toBe(200);
      expect(await maker.status(`${artifacts}/${folder}/file`)).toBe(200);
    }
  },
  300_000,
);

test.each(versions)('with MLflow %s, the source of a model is the model that MLflow reads', async (version) => {
  const [maker, other] = usersOf(`others-${version}`);
  const { id, folder } = await maker.run(await maker.experiment());
  await maker.upload(`${folder}/file`);
  const own = unique('own');
  await other.must(`${api}/registered-models/create`, { name: own });
  const plain = unique('loss ');
  const escaped = plain.replace(' ', '%20');
  const version1 = { source: `mlflow-artifacts:/${folder}`, run_id: id };
  await other.must(`${api}/registered-models/create`, { name: plain });
  for (const name of [escaped, unique('a#')]) {
    await maker.must(`${api}/registered-models/create`, { name });
    await maker.must(`${api}/model-versions/create`, { name, ...version1 });
    const copied = { name: unique('copy'), source: `models:/${name}/1` };
    await maker.must(`${api}/registered-models/create`, { name: copied.name });
    await maker.must(`${api}/model-versions/create`, copied);
    const { status } = await other.ask(`${api}/model-versions/create`, { name: own, source: copied.source });
    expect([name, status]).toEqual([name, 403]);
  }
  for (const source of [
    `models:/${escaped}@best`,
    `models:/${escaped}/latest`,
    `models:/${escaped}/1/../../${plain}/1`,
    `models:/./${escaped}/1`,
    `runs:/${id}/../x`,
    `mlflow-artifacts:/${folder}/%2e%2e/%2e%2e/%2e%2e/${await other.experiment()}`,
  ]) {
    const { status } = await other.ask(`${api}/model-versions/create`, { name: own, source });
    expect([source, status >= 400]).toEqual([source, true]);
  }
});

/** A key of the gateway, and the model that uses it. */
async function definition(user: User): Promise<string> {
  const secret = { secret_name: unique('key'), secret_value: { api_key: 'x' }, provider: 'openai' };
  const made = await user.must<{ secret: { secret_id: string } }>(`${gateway}/secrets/create`, secret);
  const body = { name: unique('model'), secret_id: made.secret.secret_id, provider: 'openai', model_name: 'gpt-4' };
  const found = await user.must<{ model_definition: { model_definition_id: string } }>(
    `${gateway}/model-definitions/create`,
    body,
  );
  return found.model_definition.model_definition_id;
}

const linked = (id: string, name = 'model_definition_id', linkage = 'linkage_type') => ({
  [name]: id,
  [linkage]: 'PRIMARY',
  weight: 1,
});

test.each(withGateway)('with MLflow %s, an endpoint uses only models of its maker', async (version) => {
  const [maker, other] = usersOf(`others-${version}`);
  const [theirs, own] = [await definition(maker), await definition(other)];
  const made = { name: unique('endpoint'), model_configs: [linked(own)], usage_tracking: false };
  const { endpoint } = await other.must<{ endpoint: { endpoint_id: string } }>(`${gateway}/endpoints/create`, made);
  const id = { endpoint_id: endpoint.endpoint_id };
  for (const foreign of [linked(theirs), linked(theirs, 'modelDefinitionId', 'linkageType')])
    for (const list of ['model_configs', 'modelConfigs'])
      for (const configs of [[foreign], [linked(own), foreign]]) {
        const body = { name: unique('endpoint'), usage_tracking: false, [list]: configs };
        expect((await other.ask(`${gateway}/endpoints/create`, body)).status).toBe(403);
        expect((await other.ask(`${gateway}/endpoints/update`, { ...id, [list]: configs })).status).toBe(403);
      }
  for (const [name, foreign] of [
    ['model_config', linked(theirs)],
    ['modelConfig', linked(theirs)],
    ['model_config', linked(theirs, 'modelDefinitionId', 'linkageType')],
  ] as const) {
    const { status } = await other.ask(`${gateway}/endpoints/models/attach`, { ...id, [name]: foreign });
    expect(status).toBe(403);
  }
  await other.must(`${gateway}/endpoints/update`, { ...id, model_configs: [linked(own)] });
  const second = linked(await definition(other));
  await other.must(`${gateway}/endpoints/models/attach`, { ...id, model_config: second });
});

test.each(withGateway)(
  'with MLflow %s, the usage of an endpoint goes to an experiment of its maker',
  async (version) => {
    const [maker, other] = usersOf(`others-${version}`);
    const [theirs, own, model] = [await maker.experiment(), await other.experiment(), await definition(other)];
    const body = () => ({ name: unique('endpoint'), model_configs: [linked(model)] });
    for (const named of [
      { experiment_id: theirs, usage_tracking: true },
      { experimentId: theirs, usageTracking: true },
      { experiment_id: theirs },
      { experiment_id: theirs, usage_tracking: false },
    ])
      expect((await other.ask(`${gateway}/endpoints/create`, { ...body(), ...named })).status).toBe(403);
    const made = { ...body(), experiment_id: own, usage_tracking: true };
    const { endpoint } = await other.must<{ endpoint: { endpoint_id: string } }>(`${gateway}/endpoints/create`, made);
    const id = { endpoint_id: endpoint.endpoint_id };
    for (const named of [{ experiment_id: theirs, usage_tracking: true }, { experimentId: theirs }])
      expect((await other.ask(`${gateway}/endpoints/update`, { ...id, ...named })).status).toBe(403);
    await other.must(`${gateway}/endpoints/update`, { ...id, experiment_id: own });
    // MLflow makes an experiment of this name, or takes the one that there is.
    const untracked = { ...body(), usage_tracking: false };
    const later = await other.must<{ endpoint: { endpoint_id: string } }>(`${gateway}/endpoints/create`, untracked);
    const taken = { ...body(), usage_tracking: true };
    for (const { name } of [taken, untracked]) await maker.experiment(`gateway/${name}`);
    expect((await other.ask(`${gateway}/endpoints/create`, taken)).status).toBe(403);
    const tracked = { endpoint_id: later.endpoint.endpoint_id, usage_tracking: true };
    expect((await other.ask(`${gateway}/endpoints/update`, tracked)).status).toBe(403);
    await other.must(`${gateway}/endpoints/create`, { ...body(), usage_tracking: true });
  },
);

test.each(versions)('with MLflow %s, what has no form of an id gets 400', async (version) => {
  const other = new User(`others-${version}`, 'other');
  const metric = { key: 'x', value: 1, timestamp: 1 };
  for (const id of [['x'], { x: 1 }, [['x']]])
    for (const name of ['run_id', 'runId', 'run_uuid'])
      expect((await other.ask(`${api}/runs/log-metric`, { ...metric, [name]: id })).status).toBe(400);
});
