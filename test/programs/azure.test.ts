import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { Azure } from './azurite';
import { mustRun } from './backups';
import { putLarge } from './client-runs';
import { Token } from './identity-providers';
import { Lab } from './lab';
import { collect, smokeTest } from './maintenance-jobs';
import { identifier } from './postgres';
import { labEnvironment, prepareRendered, RenderedServer } from './rendered-server';
import { newestOnly, releases, testWithEveryRelease } from './tools';

/**
 * Every program that uses Azure Blob Storage, with each way to log in, at the host names of Azure: the store is Azurite,
 * and Microsoft Entra ID is a stand-in that checks the token of the pod.
 */

const CLIENT = '3f2b8c1e-4a5d-4e6f-8a9b-0c1d2e3f4a5b';
const TENANT = '9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d';

let lab: Lab;
let azure: Azure;

beforeEach(async () => {
  lab = await Lab.start();
  azure = await Azure.start(lab);
});

afterEach(async () => {
  await azure?.stop();
  await lab?.stop();
});

type Login = Partial<
  Pick<NonNullable<NonNullable<EnvironmentInput['artifacts']>['azure']>, 'credentials' | 'identity'>
>;

/** The server and its Jobs, with the logins of the artifacts and of the backups. */
function environmentOf(
  version: string,
  login: Login,
  ofBackups: Login,
  more: EnvironmentInput['artifacts'] = {},
): ResolvedEnvironment {
  const { account } = azure;
  return labEnvironment(lab, version, 'azure', {
    artifacts: { azure: { account, container: 'artifacts', prefix: PREFIX, ...login }, ...more },
    backup: { artifacts: true, destination: { azure: { account, container: 'copies', ...ofBackups } } },
    garbageCollection: { olderThan: '1h' },
    smokeTest: { enabled: true },
    allow: ['exposed-backups'],
  });
}

const api = '/api/2.0/mlflow';
/** With all that a prefix may have. */
const PREFIX = 'team=1/a+b@!~';
/** What is not below the prefix although its name begins with it. */
const OTHERS = `${PREFIX}2/of another team`;

/** Names that MLflow takes. */
const NAMES = ['a b', 'ü/ß é.txt', "it's 'quoted'", 'semi;colon&and=+', '.hidden', '$(HOME)', 'trailing.'];

/** In several blocks. */
const LARGE = 'large.bin';

/** A run with artifacts, through the server; without names, with none. */
async function newRun(server: RenderedServer, names: readonly string[]): Promise<string> {
  const json = { experiment_id: '0' };
  const { run } = await server.must<{ run: { info: { run_id: string; artifact_uri: string } } }>(`${api}/runs/create`, {
    json,
  });
  for (const name of names) {
    const place = `${run.info.artifact_uri.replace('mlflow-artifacts:/', '')}/${name}`;
    const path = `/api/2.0/mlflow-artifacts/artifacts/${place.split('/').map(encodeURIComponent).join('/')}`;
    expect([name, (await server.ask(path, { method: 'PUT', body: `content of ${name}` })).status]).toEqual([name, 200]);
    expect((await server.ask(path)).text).toBe(`content of ${name}`);
  }
  return run.info.run_id;
}

/** A client, garbage collection, smoke test, backup, loss and restore; `next` is done after each of them. */
async function wholeRound(environment: ResolvedEnvironment, next: () => void = () => undefined): Promise<void> {
  const folder = lab.path('no-claim');
  for (const container of ['artifacts', 'copies']) await azure.empty(container);
  await azure.write('artifacts', OTHERS, 'kept');
  const server = await RenderedServer.start(lab, environment);
  const kept = await newRun(server, NAMES);
  await putLarge(server, `0/${kept}/artifacts/${LARGE}`);
  next();
  for (const run of [await newRun(server, NAMES), await newRun(server, [])])
    await server.must(`${api}/runs/delete`, { json: { run_id: run } });
  await lab.postgres.sql('azure', 'UPDATE runs SET deleted_time = deleted_time - 7200000 WHERE deleted_time > 0');
  next();
  expect(await collect(lab, server)).toMatchObject({ code: 0, stderr: '' });
  const left = Object.keys(await azure.blobs('artifacts'));
  expect(left.sort()).toEqual(
    [...[...NAMES, LARGE].map((name) => `${PREFIX}/0/${kept}/artifacts/${name}`), OTHERS].sort(),
  );
  next();
  expect(await smokeTest(lab, server)).toMatchObject({ code: 0, stderr: '' });
  next();
  await mustRun(lab, environment, 'backup', folder);
  next();
  await server.service.stop();
  const before = [await lab.postgres.dump('azure'), await azure.blobs('artifacts')];
  for (const database of ['azure', 'azure-auth'])
    await lab.postgres.sql('postgres', `DROP DATABASE ${identifier(database)} WITH (FORCE)`);
  await azure.empty('artifacts');
  await azure.write('artifacts', OTHERS, 'kept');
  expect(await mustRun(lab, environment, 'restore', folder)).toContain(`artifacts: ${NAMES.length + 1} of`);
  next();
  expect([await lab.postgres.dump('azure'), await azure.blobs('artifacts')].map(withoutChecks)).toEqual(
    before.map(withoutChecks),
  );
  expect(server.service.output).not.toMatch(/sig=|Traceback/);
}

/** PostgreSQL writes checks of columns otherwise when it reads them back. */
const withoutChecks = (each: unknown) => (typeof each === 'string' ? each.replace(/CHECK .*/g, '') : each);

const ofKey: Login = {};
const ofSas: Login = { credentials: { sasTokenKey: 'sas' } };
const ofIdentity: Login = { identity: { workloadIdentity: { clientId: CLIENT, tenantId: TENANT } } };

test.each(newestOnly)(
  'MLflow %s uses Azure Blob Storage with Workload Identity, and backups with a SAS',
  async (version) => {
    await azure.empty('copies');
    lab.secrets = { 'mlflow-backup-azure-secret/sas': await azure.sas('copies') };
    azure.identify(CLIENT, TENANT, new Token(lab.path('token')));
    const asked: number[] = [];
    await wholeRound(environmentOf(version, ofIdentity, ofSas), () => asked.push(azure.given));
    expect(asked.at(-1)).toBeGreaterThan(asked[0] ?? 0);
    expect(azure.refused).toBe(0);
  },
);

testWithEveryRelease.each(releases)('MLflow %s uses Azure Blob Storage with an account key', async (version) => {
  const { key } = azure;
  lab.secrets = {
    'mlflow-azure-secret/AZURE_STORAGE_ACCESS_KEY': key,
    'mlflow-backup-azure-secret/AZURE_STORAGE_ACCESS_KEY': key,
  };
  await wholeRound(environmentOf(version, ofKey, ofKey));
});

testWithEveryRelease.each(releases)(
  'MLflow %s uses Azure Blob Storage with a SAS, and backups with Workload Identity',
  async (version) => {
    for (const container of ['artifacts', 'copies']) await azure.empty(container);
    lab.secrets = { 'mlflow-azure-secret/sas': await azure.sas('artifacts') };
    azure.identify(CLIENT, TENANT, new Token(lab.path('token')));
    await wholeRound(environmentOf(version, ofSas, ofIdentity));
  },
);

testWithEveryRelease.each(releases)(
  'clients of MLflow %s use Azure Blob Storage directly, as the smoke test does',
  async (version) => {
    azure.identify(CLIENT, TENANT, new Token(lab.path('token')));
    await azure.empty('artifacts');
    const server = await RenderedServer.start(lab, environmentOf(version, ofIdentity, ofSas, { access: 'direct' }));
    expect(await smokeTest(lab, server)).toMatchObject({ code: 0, stderr: '' });
    expect(await azure.blobs('artifacts')).toEqual({});
  },
);

describe('prepare says', () => {
  const message = async (login: Login, secrets: Readonly<Record<string, string>> = {}) => {
    lab.secrets = Object.fromEntries(
      Object.entries(secrets).map(([key, value]) => [`mlflow-azure-secret/${key}`, value]),
    );
    const environment = environmentOf('3.18.0', login, ofSas);
    const { code, stderr } = await prepareRendered(lab, environment, lab.path('auth.ini'), { PREPARE_TIMEOUT: '2' });
    return `${code}: ${stderr.trim().split('\n').at(-1)}`;
  };

  test('what is wrong with a login, a container and an image', async () => {
    const ACCESS_KEY = 'AZURE_STORAGE_ACCESS_KEY';
    const other = Buffer.alloc(64).toString('base64');
    expect(await message(ofKey, { [ACCESS_KEY]: azure.key })).toMatch(
      /^32: .*s3-bucket-missing.*container 'artifacts' does not exist at https:\/\/testaccount\.blob\./,
    );
    expect(await message({ ...ofKey }, { [ACCESS_KEY]: other })).toMatch(/^31: .*this account key \(HTTP 40\d, /);
    expect(await message(ofKey, { [ACCESS_KEY]: `AccountName=x;AccountKey=${azure.key};` })).toMatch(
      /^64: .*AZURE_STORAGE_ACCESS_KEY is a connection string; use the account key in it alone/,
    );
    await azure.empty('artifacts');
    await azure.empty('others');
    expect(await message(ofSas, { sas: await azure.sas('others') })).toMatch(
      /^31: .*this SAS \(HTTP 403, .*expired, of/,
    );
    expect(await message(ofSas, { sas: await azure.sas('artifacts', 'rcwdl', -1) })).toMatch(/^31: .*this SAS/);
    expect(await message(ofSas, { sas: `${await azure.sas('artifacts')}\n` })).toMatch(/^64: .*a line break/);
    expect(await message(ofSas, { sas: await azure.sas('artifacts') })).toMatch(/^0: /);
    expect(await message(ofIdentity)).toMatch(/^31: .*no login at https:.*AZURE_CLIENT_ID/);
    azure.identify(CLIENT.replace('3', '4'), TENANT, new Token(lab.path('token')));
    expect(await message(ofIdentity)).toMatch(
      /^31: .*Microsoft Entra ID gives this pod no token for the client 3f2b8c1e-.*AADSTS700213.*ServiceAccount of the pod/,
    );
    await azure.stop();
    expect(await message(ofSas, { sas: 'sv=1&sig=x' })).toMatch(/^30: .*s3-unreachable/);
  });
});
