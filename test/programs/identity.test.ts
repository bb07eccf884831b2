import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { emptyBucket, mustRun } from './backups';
import { IdentityProvider, Token, withAgent, withToken } from './identity-providers';
import { Lab } from './lab';
import { collect, smokeTest } from './maintenance-jobs';
import { identifier } from './postgres';
import { labEnvironment, prepareRendered, RenderedServer } from './rendered-server';
import { newestOnly } from './tools';

/**
 * Every program that uses S3, with an identity in place of keys: the keys are those of a real store, and what gives them
 * is a stand-in for the STS of AWS, or for the agent of EKS Pod Identity.
 */

const ROLE = 'arn:aws:iam::123456789012:role/mlflow';

let lab: Lab;
let token: Token;
let provider: IdentityProvider;

beforeEach(async () => {
  lab = await Lab.start();
  token = new Token(lab.path('token'));
});

afterEach(async () => {
  await provider?.stop();
  await lab?.stop();
});

type Identity = NonNullable<NonNullable<NonNullable<EnvironmentInput['artifacts']>['s3']>['identity']>;

/** Everything that uses S3: the server and its Jobs, backups in a bucket of the same identity. */
function environmentOf(version: string, identity: Identity, endpoint?: string): ResolvedEnvironment {
  const store = { endpoint, addressingStyle: 'path' as const, identity };
  return labEnvironment(lab, version, 'identity', {
    artifacts: { s3: { bucket: 'identity', createBucket: true, ...store } },
    backup: { artifacts: true, destination: { s3: { bucket: 'copies', ...store } } },
    garbageCollection: { olderThan: '1h' },
    smokeTest: { enabled: true },
    allow: ['exposed-backups'],
  });
}

const api = '/api/2.0/mlflow';

/** A run with an artifact, through the server. */
async function newRun(server: RenderedServer, content: string): Promise<string> {
  const json = { experiment_id: '0' };
  const { run } = await server.must<{ run: { info: { run_id: string; artifact_uri: string } } }>(`${api}/runs/create`, {
    json,
  });
  const path = `/api/2.0/mlflow-artifacts/artifacts/${run.info.artifact_uri.replace('mlflow-artifacts:/', '')}/a.bin`;
  expect((await server.ask(path, { method: 'PUT', body: content })).status).toBe(200);
  expect((await server.ask(path)).text).toBe(content);
  return run.info.run_id;
}

/** A client, garbage collection, smoke test, backup, loss and restore. After each step the token is another one. */
async function wholeRound(environment: ResolvedEnvironment): Promise<void> {
  const folder = lab.path('no-claim');
  await emptyBucket(lab, 'copies');
  const server = await RenderedServer.start(lab, environment);
  const asked = [provider.given];
  const next = () => {
    asked.push(provider.given);
    token.replace();
  };
  const kept = await newRun(server, 'kept');
  next();
  // The server has the keys that it got for the token before, and needs new ones.
  const deleted = await newRun(server, 'deleted');
  next();
  await server.must(`${api}/runs/delete`, { json: { run_id: deleted } });
  await lab.postgres.sql('identity', 'UPDATE runs SET deleted_time = deleted_time - 7200000 WHERE deleted_time > 0');
  expect(await collect(lab, server)).toMatchObject({ code: 0, stderr: '' });
  const files = Object.keys(lab.store.objects('identity'));
  expect(files).toEqual([expect.stringContaining(kept)]);
  next();
  expect(await smokeTest(lab, server)).toMatchObject({ code: 0, stderr: '' });
  next();
  await mustRun(lab, environment, 'backup', folder);
  next();
  await server.service.stop();
  const before = [await lab.postgres.dump('identity'), lab.store.objects('identity')];
  await lab.postgres.sql('postgres', `DROP DATABASE ${identifier('identity')} WITH (FORCE)`);
  await lab.postgres.sql('postgres', `DROP DATABASE ${identifier('identity-auth')} WITH (FORCE)`);
  await emptyBucket(lab, 'identity');
  await mustRun(lab, environment, 'restore', folder);
  next();
  expect([await lab.postgres.dump('identity'), lab.store.objects('identity')].map(withoutChecks)).toEqual(
    before.map(withoutChecks),
  );
  // Each step got keys for the token that was current in it.
  for (const [index, count] of asked.entries()) if (index > 0) expect(count).toBeGreaterThan(asked[index - 1] ?? 0);
  expect(provider.refused).toBe(0);
}

/** PostgreSQL writes checks of columns otherwise when it reads them back. */
const withoutChecks = (each: unknown) => (typeof each === 'string' ? each.replace(/CHECK .*/g, '') : each);

/** The SDK does this, so that the newest release is enough. */
describe.each(newestOnly)('MLflow %s', (version) => {
  test('uses S3 with IRSA, and renews its keys with the token that the kubelet replaced', async () => {
    provider = await IdentityProvider.sts(token, ROLE, lab.store.credentials);
    withToken(lab, token);
    await wholeRound(environmentOf(version, { irsa: { roleArn: ROLE, stsEndpoint: provider.url } }, lab.store.url));
  });
});

test.each(newestOnly)('MLflow %s uses S3 with EKS Pod Identity', async (version) => {
  provider = await IdentityProvider.agent(token, lab.store.credentials);
  withAgent(lab, token, provider);
  await wholeRound(environmentOf(version, { podIdentity: true }));
});

describe('prepare says', () => {
  const message = async (environment: ResolvedEnvironment) => {
    const { code, stderr } = await prepareRendered(lab, environment, lab.path('auth.ini'), { PREPARE_TIMEOUT: '2' });
    return { code, said: stderr.trim().split('\n').at(-1) };
  };

  test('that STS refuses the role, and where to look', async () => {
    provider = await IdentityProvider.sts(token, 'arn:aws:iam::123456789012:role/another', lab.store.credentials);
    withToken(lab, token);
    const irsa = { roleArn: ROLE, stsEndpoint: provider.url };
    expect(await message(environmentOf('3.18.0', { irsa }, lab.store.url))).toEqual({
      code: expect.any(Number),
      said: expect.stringMatching(
        /s3-login.*STS does not give this pod the role arn:aws:iam::123456789012:role\/mlflow: .*AccessDenied.* trust policy/,
      ),
    });
  });

  test('that the agent has no role for the pod', async () => {
    provider = await IdentityProvider.agent(token, lab.store.credentials);
    const other = new Token(lab.path('other-token'));
    token.replace();
    withAgent(lab, other, provider);
    expect(await message(environmentOf('3.18.0', { podIdentity: true }))).toEqual({
      code: expect.any(Number),
      said: expect.stringMatching(/s3-login.*no S3 credentials: .*EKS Pod Identity, the association must exist/),
    });
  });

  test('that the webhook gave the pod nothing', async () => {
    provider = await IdentityProvider.agent(token, lab.store.credentials);
    lab.inPods = { MLFLOW_S3_ENDPOINT_URL: lab.store.url };
    expect(await message(environmentOf('3.18.0', { podIdentity: true }))).toEqual({
      code: expect.any(Number),
      said: expect.stringMatching(/s3-login.*no S3 credentials: .*EKS Pod Identity, the association must exist/),
    });
  });
});
