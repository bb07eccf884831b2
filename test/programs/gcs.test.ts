import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { mustRun, runJob } from './backups';
import { api, deleteLongAgo, largeBody, newRun, pathOf, putLarge } from './client-runs';
import { GoogleCloud } from './google-cloud';
import { Lab } from './lab';
import { collect, smokeTest } from './maintenance-jobs';
import { identifier } from './postgres';
import { labEnvironment, prepareRendered, RenderedServer } from './rendered-server';
import { everyRelease, releases, testWithEveryRelease } from './tools';

/**
 * Artifacts and backups in Google Cloud Storage, with every part of an instance that touches them: the store is a real
 * server of its API, and what gives tokens is a stand-in for the token service and for the metadata server of GKE.
 */

let lab: Lab;
let cloud: GoogleCloud;

beforeAll(async () => {
  lab = await Lab.start();
  cloud = await GoogleCloud.start(lab.path('gcs'));
  // No program reads what is in the file besides its keys.
  const key = cloud.writeKeyFile(lab.path('key.json'), { note: '$(HOME) %s "quoted" \\ ü\n日本' });
  lab.files = Object.fromEntries(
    ['gcs', 'artifacts-gcs', 'backup-gcs'].map((folder) => [`/etc/mlflow/${folder}/key.json`, key]),
  );
  lab.inPods = { GCE_METADATA_HOST: `127.0.0.1:${cloud.port}`, GCE_METADATA_IP: `127.0.0.1:${cloud.port}` };
});

afterAll(async () => {
  await cloud?.stop();
  await lab?.stop();
});

type Login = 'key file' | 'workload identity';

const IDENTITY = { identity: { workloadIdentity: { serviceAccount: 'mlflow@lab-project.iam.gserviceaccount.com' } } };

function environmentInput(name: string, artifacts: Login, backups: Login): EnvironmentInput {
  const loginOf = (login: Login) => ({ endpoint: cloud.url, ...(login === 'key file' ? {} : IDENTITY) });
  return {
    artifacts: {
      s3: undefined,
      gcs: { bucket: name, prefix: "team's/1+1=2", createBucket: true, ...loginOf(artifacts) },
    },
    backup: { artifacts: true, destination: { gcs: { bucket: `${name}-copies`, ...loginOf(backups) } } },
    garbageCollection: { olderThan: '1h' },
    smokeTest: { enabled: true },
  };
}

const environmentOf = (version: string, name: string, artifacts: Login, backups: Login, more: EnvironmentInput = {}) =>
  labEnvironment(lab, version, name, { ...environmentInput(name, artifacts, backups), ...more });

const HOSTILE = ['a b', 'ü/ß é.txt', "it's 'quoted'", 'semi;colon&and=+', '.hidden', '$(HOME)', '[x]*'];

async function dropDatabases({ database }: ResolvedEnvironment): Promise<void> {
  for (const name of [database.name, database.authName])
    await lab.postgres.sql('postgres', `DROP DATABASE ${identifier(name)} WITH (FORCE)`);
}

/** A client, garbage collection, smoke test, backup, loss and restore. Before each step all tokens become invalid. */
async function wholeRound(environment: ResolvedEnvironment): Promise<void> {
  const { name } = environment.database;
  const folder = lab.path('no-claim');
  await cloud.createBucket(`${name}-copies`);
  const server = await RenderedServer.start(lab, environment);
  const prefix = `${environment.artifacts.gcs?.prefix}/`;
  // Not ours, although its name begins as ours do.
  await cloud.put(name, `${prefix.slice(0, -1)}0/file`, 'of another');
  // Clients with direct access may use any name.
  for (const key of ['#a?b%41', 'a\\b', ' ']) await cloud.put(name, `${prefix}0/${key}`, `content of ${key}`);
  const kept = await newRun(server, HOSTILE);
  await putLarge(server, `${kept.root}/large.bin`);
  cloud.forgetTokens();
  const deleted = await newRun(server, ['deleted.bin', 'another.bin']);
  // MLflow 3.1 would delete all whose name begins so.
  await server.must(pathOf(`${kept.root}/a b`), { method: 'DELETE' });
  await newRun(server, ['a', 'ab']);
  await deleteLongAgo(lab, server, deleted.id);
  const before = Object.keys(await cloud.objects(name));
  expect(await collect(lab, server)).toMatchObject({ code: 0, stderr: '' });
  expect(Object.keys(await cloud.objects(name))).toEqual(before.filter((key) => !key.includes(deleted.id)));
  expect(before.filter((key) => key.includes(deleted.id))).toHaveLength(2);
  cloud.forgetTokens();
  expect(await smokeTest(lab, server)).toMatchObject({ code: 0, stderr: '' });
  cloud.forgetTokens();
  expect(await mustRun(lab, environment, 'backup', folder)).toContain(`to gs://${name}-copies/mlflow/ at ${cloud.url}`);
  await server.service.stop();
  const [rows, files] = [await lab.postgres.dump(name), await cloud.objects(name)];
  await dropDatabases(environment);
  for (const key of Object.keys(files)) if (key.startsWith(prefix)) await cloud.remove(name, key);
  cloud.forgetTokens();
  await mustRun(lab, environment, 'restore', folder);
  expect(await cloud.objects(name)).toEqual(files);
  expect(withoutChecks(await lab.postgres.dump(name))).toBe(withoutChecks(rows));
  // What is there again is what the backup has: nothing is copied.
  expect(await mustRun(lab, environment, 'backup', folder)).toContain('artifacts: 0 of ');
}

/** PostgreSQL writes checks of columns otherwise when it reads them back. */
const withoutChecks = (dump: string) => dump.replace(/CHECK .*/g, '');

const rounds: readonly (readonly [string, Login, Login])[] = [
  ['3.18.0', 'workload identity', 'key file'],
  ...(everyRelease ? ([['3.1.0', 'key file', 'workload identity']] as const) : []),
];

test.each(rounds)('MLflow %s reaches artifacts by %s, and backups by %s', async (version, artifacts, backups) => {
  const given = { ...cloud.given };
  await wholeRound(environmentOf(version, `round-${version.replaceAll('.', '-')}`, artifacts, backups));
  expect(cloud.given.keyFile).toBeGreaterThan(given.keyFile);
  expect(cloud.given.metadata).toBeGreaterThan(given.metadata);
});

test('a backup copies what is replaced while it is read as it is then, and leaves out what is deleted', async () => {
  const environment = environmentOf('3.18.0', 'changing', 'key file', 'key file', { smokeTest: undefined });
  expect((await prepareRendered(lab, environment)).code).toBe(0);
  await cloud.createBucket('changing-copies');
  const [replaced, deleted] = ['replaced', 'deleted'].map((name) => `${environment.artifacts.gcs?.prefix}/0/${name}`);
  for (const key of [replaced, deleted]) await cloud.put('changing', `${key}`, largeBody());
  const seen = new Set<string>();
  cloud.beforePart = async (key, start) => {
    if (start === 0 || seen.has(key)) return;
    seen.add(key);
    if (key === replaced) await cloud.put('changing', key, largeBody('new'));
    if (key === deleted) await cloud.remove('changing', key);
  };
  try {
    const said = await mustRun(lab, environment, 'backup', lab.path('no-claim'));
    expect(said).toContain('artifacts: 1 of 1 objects copied (17.0 MiB)');
    expect(said).toContain('warning: 1 artifacts were deleted while they were copied');
  } finally {
    cloud.beforePart = undefined;
  }
  const [now] = Object.values(await cloud.objects('changing'));
  expect(Object.values(await cloud.objects('changing-copies'))).toContain(now);
});

describe('prepare says', () => {
  const message = async (environment: ResolvedEnvironment, changes: Readonly<Record<string, string>> = {}) => {
    const { code, stderr } = await prepareRendered(lab, environment, lab.path('auth.ini'), {
      PREPARE_TIMEOUT: '2',
      ...changes,
    });
    return { code, said: stderr.trim().split('\n').at(-1) };
  };

  const without: EnvironmentInput = { backup: undefined };

  test.each<[string, Login, () => Readonly<Record<string, string>>, number, RegExp]>([
    [
      'that a bucket is missing',
      'key file',
      () => ({ PREPARE_GCS_BUCKET: 'missing', PREPARE_CREATE_BUCKET: 'false' }),
      32,
      /bucket 'missing' does not exist at http/,
    ],
    [
      'that the key is not the one of the service account',
      'key file',
      () => ({
        GOOGLE_APPLICATION_CREDENTIALS: cloud.writeKeyFile(lab.path('other.json'), { client_email: 'other@x' }),
      }),
      31,
      /no token for Google Cloud Storage: .*Invalid JWT Signature.*key file/,
    ],
    [
      'that the key file is none',
      'key file',
      () => ({ GOOGLE_APPLICATION_CREDENTIALS: __filename }),
      31,
      /no login for Google Cloud Storage: .*key file/,
    ],
    [
      'that the store does not answer',
      'key file',
      () => ({ API_ENDPOINT_OVERRIDE: 'http://127.0.0.1:9' }),
      30,
      /bucket .* at http:\/\/127\.0\.0\.1:9: /,
    ],
    [
      'that there is no metadata server, instead of going on without a login',
      'workload identity',
      () => ({ GCE_METADATA_HOST: '127.0.0.1:9', GCE_METADATA_IP: '127.0.0.1:9' }),
      30,
      /no login for Google Cloud Storage: .*GKE/,
    ],
  ])('%s', async (_, login, changes, code, said) => {
    const environment = environmentOf('3.18.0', 'refused', login, login, without);
    expect(await message(environment, changes())).toEqual({ code, said: expect.stringMatching(said) });
  });

  test('which package the image lacks', async () => {
    const environment = environmentOf('3.18.0', 'lacking', 'key file', 'key file', without);
    const plain = await prepareRendered(lab, environment, lab.path('auth.ini'), {}, '3.18.0');
    expect(plain).toMatchObject({ code: 64, stderr: expect.stringMatching(/google-cloud-storage/) });
  });
});

testWithEveryRelease.each(releases)(
  'MLflow %s reaches the bucket from clients too, if they have direct access',
  async (version) => {
    const name = `direct-${version.replaceAll('.', '-')}`;
    const { artifacts: _, ...others } = environmentInput(name, 'key file', 'key file');
    const environment = labEnvironment(lab, version, name, {
      ...others,
      artifacts: {
        s3: undefined,
        access: 'direct',
        gcs: { bucket: name, endpoint: cloud.url, prefix: 'a/1+1=2', createBucket: true },
      },
      backup: undefined,
    });
    const server = await RenderedServer.start(lab, environment);
    expect(await smokeTest(lab, server)).toMatchObject({ code: 0, stderr: '' });
    const { run } = await server.must<{ run: { info: { run_id: string; artifact_uri: string } } }>(
      `${api}/runs/create`,
      {
        json: { experiment_id: '0' },
      },
    );
    const [, key = ''] = run.info.artifact_uri.split(`gs://${name}/`);
    await cloud.put(name, `${key}/a`, 'of the run');
    await cloud.put(name, `${key}-not/a`, 'beside it');
    await deleteLongAgo(lab, server, run.info.run_id);
    expect(await collect(lab, server)).toMatchObject({ code: 0, stderr: '' });
    const left = Object.keys(await cloud.objects(name));
    expect(left).toContain(`${key}-not/a`);
    expect(left).not.toContain(`${key}/a`);
  },
);

test('a backup says that its bucket is missing', async () => {
  const environment = environmentOf('3.18.0', 'no-copies', 'key file', 'key file');
  expect((await prepareRendered(lab, environment)).code).toBe(0);
  expect(await runJob(lab, environment, 'backup', lab.path('no-claim'))).toMatchObject({ code: 53 });
});
