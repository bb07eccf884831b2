import { databaseSituations } from './failures/databases';
import { settingSituations } from './failures/settings';
import { Failures, withoutAuth } from './failures/situation';
import { storeSituations } from './failures/stores';
import { userSituations } from './failures/users';
import type { Prepared } from './lab';
import { python, type Release, releases } from './tools';

const failures = new Failures();

beforeAll(() => failures.start());

afterAll(() => failures.stop());

describe.each(releases)('prepare.py with MLflow %s ends with one clear line for', (release: Release) => {
  const situations = [
    ...settingSituations(failures),
    ...userSituations(release, failures),
    ...databaseSituations(release, failures),
    ...storeSituations(release, failures),
  ];
  const outcomes = new Map<string, Prepared>();

  beforeAll(async () => {
    const arranged = await Promise.all(
      situations.map(async ({ title, arrange, options }, index) => {
        const name = `situation-${index}-${release}`;
        return { title, options, env: { ...failures.lab.settings(release, name), ...(await arrange(name)) } };
      }),
    );
    // All are independent, and some wait: three at once take the next from one iterator.
    const queue = arranged.values();
    const work = async () => {
      for (const { title, options, env } of queue) {
        const { lab } = failures;
        outcomes.set(title, await (options ? lab.prepare(release, env, options) : lab.prepareForked(release, env)));
      }
    };
    await Promise.all([work(), work(), work()]);
  });

  test.each(situations)('$title ($code)', ({ title, code, kind, message }) => {
    const result = outcomes.get(title);
    const line = `prepare failed (${kind}, exit ${code}): `;
    expect(result).toMatchObject({ code, stderr: expect.stringContaining(line) });
    expect(result?.stderr).toMatch(message);
    expect(result?.stderr).toBe(`${result?.message}\n`);
    expect(result?.message).not.toContain('\n');
  });
});

test('prepare.py says so too if its volume for temporary files is full (20)', async () => {
  const limited = ['prlimit', '--fsize=0', python('3.18.0'), '-m', 'prepare'];
  const result = await failures.lab.run(limited, failures.lab.settings('3.18.0', 'full'));
  expect(result).toMatchObject({
    code: 20,
    stderr: expect.stringMatching(/^prepare failed \(ini-unwritable, exit 20\): .*auth\.ini: File too large\n$/),
  });
});

test('prepare.py waits for a store that restarts while the bucket is created', async () => {
  const changes = { PREPARE_TIMEOUT: '30', PREPARE_BUCKET: 'restarting', PREPARE_CREATE_BUCKET: 'true' };
  const env = {
    ...(await failures.bucket('3.18.0', 'restarting', changes)),
    MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${failures.webPort}`,
  };
  const result = await failures.lab.prepare('3.18.0', { ...failures.lab.settings('3.18.0', 'restarting'), ...env });
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("created bucket 'restarting'") });
  expect(result.stdout).toContain('waiting for S3: cannot create the bucket: ');
});

test('a restore says so too if the connection breaks while it creates the bucket (30)', async () => {
  const program = `
import os, sys
from backup.bucket import open_bucket
from common import object_store, process, s3
settings = s3.BucketSettings(bucket="dropped", codes=object_store.ARTIFACTS, endpoint=os.environ["MLFLOW_S3_ENDPOINT_URL"])
sys.exit(process.run("restore", open_bucket(settings).create_if_missing))
`;
  const env = { ...failures.lab.env('3.18.0'), MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${failures.webPort}` };
  const result = await failures.lab.run([python('3.18.0'), '-c', program], env);
  expect(result).toMatchObject({
    code: 30,
    message: expect.stringContaining("cannot create the bucket: bucket 'dropped'"),
  });
});

test('prepare.py gives up on a table that something else reads for too long (13), and leaves it as it was', async () => {
  const name = 'read-by-a-backup';
  await failures.clone('3.1.0', name);
  const backup = failures.lab.keep(
    await failures.lab.postgres.connect(
      name,
      'pg_dump',
      'LOCK TABLE experiments, runs, trace_info IN ACCESS SHARE MODE',
    ),
  );
  const before = await failures.lab.postgres.dump(name);
  const result = await failures.lab.prepare('3.18.0', {
    ...failures.lab.settings('3.18.0', name),
    ...withoutAuth,
    PREPARE_TIMEOUT: '1',
  });
  await backup.stop();
  expect(result).toMatchObject({ code: 13, message: expect.stringMatching(/canceling statement due to lock timeout/) });
  expect(await failures.lab.postgres.dump(name)).toBe(before);
});

test('prepare.py says so too where it only reads a table that something else holds (13)', async () => {
  const name = 'held-while-read';
  await failures.clone('3.18.0', name);
  const holder = failures.lab.keep(
    await failures.lab.postgres.connect(name, 'holder', 'LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE'),
  );
  const result = await failures.lab.prepare('3.18.0', {
    ...failures.lab.settings('3.18.0', name),
    ...withoutAuth,
    PREPARE_TIMEOUT: '1',
  });
  await holder.stop();
  expect(result).toMatchObject({
    code: 13,
    message: expect.stringMatching(/\(lock-timeout, exit 13\): something holds a table/),
  });
});
