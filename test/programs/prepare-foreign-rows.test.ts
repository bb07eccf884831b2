import { Lab } from './lab';
import { releases } from './tools';

/** `prepare` names rows whose files are elsewhere. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

describe.each(releases)('prepare with MLflow %s', (version) => {
  const name = `foreign-${version}`;
  const environment = () => ({
    ...lab.settings(version, name),
    PREPARE_CREATE_DATABASES: 'true',
    PREPARE_CREATE_BUCKET: 'true',
    PREPARE_BUCKET: name,
    PREPARE_BUCKET_PREFIX: 'own/',
  });
  const warning = async () => (await lab.prepared(version, environment())).stdout.match(/^.*artifact root.*$/gm) ?? [];

  test('has nothing to say about rows of its own', async () => {
    expect(await warning()).toEqual([]);
    await lab.postgres.sql(
      name,
      `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage) VALUES
       (1, 'one', 'mlflow-artifacts:/1', 'active'), (2, 'two', 's3://${name}/own/2', 'active')`,
      `INSERT INTO runs (run_uuid, experiment_id, artifact_uri) VALUES ('run', 1, 'mlflow-artifacts:/1/run/artifacts')`,
      "INSERT INTO registered_models (name) VALUES ('model')",
      `INSERT INTO model_versions (name, version, source, storage_location) VALUES
       ('model', 1, 'models:/m-1', 's3://${name}/own/1/models/m-1/artifacts'), ('model', 2, 'dummy-source', NULL)`,
    );
    expect(await warning()).toEqual([]);
  });

  test('counts foreign rows in one line, which names some, and has nothing of their locations', async () => {
    await lab.postgres.sql(
      name,
      `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)
       SELECT n, 'e' || n, 's3://other/' || n, 'active' FROM generate_series(10, 16) n`,
      `INSERT INTO runs (run_uuid, experiment_id, artifact_uri) VALUES
       ('foreign', 1, 'http://user:password@host/foreign/artifacts')`,
      `INSERT INTO model_versions (name, version, source) VALUES ('model', 3, '/etc')`,
      `INSERT INTO registered_models (name) VALUES (E'line\\nbreak')`,
      `INSERT INTO model_versions (name, version, source) VALUES (E'line\\nbreak', 1, 'mlflow-artifacts://host/x')`,
      `INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status) VALUES ('tr-1', 1, 1, 'OK')`,
      `INSERT INTO trace_tags (request_id, key, value) VALUES ('tr-1', 'mlflow.artifactLocation', 'file:///etc')`,
      `INSERT INTO logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
       last_updated_timestamp_ms, status, lifecycle_stage) VALUES ('m-2', 1, 'm', '/etc', 1, 1, 1, 'active')`,
    );
    const lines = await warning();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      "warning: the files of 7 experiments ('10', '11', '12', '13', '14' and 2 more), 1 runs ('foreign'), 1 logged models " +
        "('m-2'), 2 model versions ('line\\nbreak/1', 'model/3'), 1 traces ('tr-1') are not below the artifact root",
    );
    expect(lines[0]).not.toMatch(/password|s3:|\/etc/);
  });

  test('is not kept from its end by tables that it cannot read in time, and says nothing without a login', async () => {
    const blocker = lab.hold(
      version,
      name,
      'BEGIN; LOCK TABLE logged_models, trace_tags IN ACCESS EXCLUSIVE MODE; SELECT pg_advisory_lock(1)',
    );
    try {
      await lab.isHeld(name);
      const { code, stdout } = await lab.prepare(version, environment());
      expect(code).toBe(0);
      for (const kind of ['logged models', 'traces'])
        expect(stdout).toMatch(
          `the locations of ${kind} were not checked: canceling statement due to statement timeout`,
        );
    } finally {
      await blocker.stop();
    }
    const open = { ...environment(), PREPARE_AUTH_DATABASE: '' };
    expect((await lab.prepared(version, open)).stdout).not.toContain('artifact root');
  });
});
