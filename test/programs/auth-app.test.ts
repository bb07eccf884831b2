import { smokeTestVariables } from '../../lib/components/smoke-test/variables';
import { Browser } from './browser';
import { request } from './http';
import { Lab } from './lab';
import { appSecret } from './pod-variables';
import { freePort } from './ports';
import { run } from './process';
import { labEnvironment, prepareRendered, RenderedServer, runJob } from './rendered-server';
import { Provider, providerLogin, SEARCH } from './single-sign-on';
import { python } from './tools';

/** MLflow with a real authentication app of others (mlflow-oidc-auth), whose people come from a real OpenID provider. */

const VERSION = '3.18.0';
const CREATE = '/ajax-api/2.0/mlflow/experiments/create';

let lab: Lab;
let provider: Provider;
let port: number;
let server: RenderedServer;

const environmentOf = (staticPrefix?: string) =>
  labEnvironment(lab, VERSION, 'app', {
    auth: {
      app: {
        name: 'oidc-auth',
        env: {
          OIDC_DISCOVERY_URL: `${provider.url}/.well-known/openid-configuration`,
          OIDC_CLIENT_ID: 'mlflow',
          OIDC_CLIENT_SECRET: { secret: 'mlflow-oidc', key: 'client-secret' },
          OIDC_REDIRECT_URI: `http://127.0.0.1:${port}/callback`,
          SECRET_KEY: { secret: 'mlflow-oidc', key: 'secret-key' },
        },
        database: { variable: 'OIDC_USERS_DB_URI', name: 'app users: 1' },
        login: { secret: 'app-login' },
      },
    },
    server: { staticPrefix, resources: { limits: { cpu: 2 } } },
    smokeTest: { enabled: true },
    monitoring: { metrics: {} },
  });

const start = () => RenderedServer.start(lab, environmentOf(), ['server'], undefined, port);

beforeAll(async () => {
  lab = await Lab.start();
  provider = await Provider.start(lab, []);
  port = await freePort();
  for (const [name, groups] of Object.entries({ ann: ['mlflow'], root: ['mlflow-admin'], eve: ['others'] }))
    await provider.set(name, { email: `${name}@example.com`, email_verified: true, name, groups });
  server = await start();
});

afterAll(async () => {
  await lab?.stop();
});

/** A browser in which a person has logged in, and the page at which that ended. */
async function logIn(subject: string) {
  const browser = new Browser();
  const form = await browser.open(`${server.url}/login`);
  expect(form.url).toContain(`${provider.url}/oauth2/authorize`);
  return { browser, page: await browser.open(form.url, providerLogin(subject)) };
}

const send = (browser: Browser, path: string, json?: unknown, method = 'POST') =>
  browser.send(server.url + path, {
    ...(json === undefined ? {} : { method, body: JSON.stringify(json) }),
    headers: { accept: 'application/json', 'content-type': 'application/json', origin: server.url },
  });

describe('without a login', () => {
  test.each(['/', SEARCH, '/api/2.0/mlflow/experiments/search?max_results=1', '/version', '/graphql', '/v1/traces'])(
    '%s is not served',
    async (path) => {
      for (const method of ['GET', 'POST']) {
        const { status, text } = await request(server.url + path, {
          method,
          ...(method === 'POST' ? { json: {} } : {}),
        });
        expect([method, status, text.includes('experiments')]).toEqual([method, expect.any(Number), false]);
        expect([301, 302, 303, 307, 401, 403, 405]).toContain(status);
      }
    },
  );

  test.each(['/metrics', '/metrics/'])('%s is not served, which the app leaves open', async (path) => {
    expect((await request(server.url + path)).status).toBe(404);
  });

  test('a name that the server does not have is not told from others, as the app compares no hosts', async () => {
    for (const path of ['/health', SEARCH]) {
      const statuses = await Promise.all(
        ['127.0.0.1', 'evil.example.org'].map(
          async (host) => (await request(server.url + path, { headers: { host } })).status,
        ),
      );
      expect(new Set(statuses).size).toBe(1);
    }
  });

  test('the health page is', async () => {
    expect((await request(`${server.url}/health`)).status).toBe(200);
  });

  test.each([
    ['a wrong login', { login: ['ann@example.com', 'a wrong password'] as const }],
    [
      'a forged header',
      { headers: { 'X-Forwarded-User': 'root@example.com', 'X-Forwarded-Email': 'root@example.com' } },
    ],
    ['a token of nobody', { headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } }],
  ])('%s is refused', async (_, given) => {
    expect((await request(server.url + SEARCH, given)).status).toBe(401);
  });
});

describe('a person', () => {
  test('logs in at the provider, sees the page, and creates an experiment that others do not see', async () => {
    const { browser, page } = await logIn('ann');
    expect([page.status, page.text]).toEqual([200, expect.stringMatching(/<html/i)]);
    expect((await browser.open(`${server.url}/`)).text).toMatch(/<html/i);
    const created = await send(browser, CREATE, { name: "ann's" });
    expect([created.status, created.text]).toEqual([200, expect.stringContaining('experiment_id')]);
    expect((await send(browser, SEARCH)).text).toContain("ann's");
    await provider.set('bob', { email: 'bob@example.com', email_verified: true, name: 'bob', groups: ['mlflow'] });
    const { browser: other } = await logIn('bob');
    const { experiment_id: id } = JSON.parse(created.text) as Record<string, string>;
    const found = await send(other, SEARCH);
    expect([found.status, found.text]).toEqual([200, expect.not.stringContaining("ann's")]);
    expect((await send(other, `/ajax-api/2.0/mlflow/experiments/get?experiment_id=${id}`)).status).toBe(403);
    const change = await send(other, '/ajax-api/2.0/mlflow/experiments/update', { experiment_id: id, new_name: 'x' });
    expect(change.status).toBe(403);
  });

  test('of other groups is refused', async () => {
    const { browser } = await logIn('eve');
    expect((await send(browser, SEARCH)).status).toBe(401);
  });

  test('has no request of another website sent in their name, and none with a body that is too large', async () => {
    const { browser } = await logIn('ann');
    const foreign = await browser.send(server.url + CREATE, {
      method: 'POST',
      body: JSON.stringify({ name: 'foreign' }),
      headers: { 'content-type': 'application/json', origin: 'https://evil.example.org' },
    });
    expect(foreign.status).toBe(403);
    expect((await send(browser, CREATE, { name: 'x'.repeat(34 << 20) })).status).toBe(413);
  });

  test('is still in after a restart, with what they created', async () => {
    const { browser } = await logIn('ann');
    await send(browser, CREATE, { name: 'before' });
    await server.service.stop();
    server = await start();
    const found = await send(browser, SEARCH);
    expect([found.status, found.text]).toEqual([200, expect.stringContaining('before')]);
    const users = await lab.postgres.sql('app users: 1', 'SELECT username FROM users ORDER BY username');
    expect(users.split('\n')).toEqual(expect.arrayContaining(['ann@example.com']));
  });
});

test('programs have the token of a user as a password, with which the smoke test passes', async () => {
  const { browser } = await logIn('root');
  const expiration = new Date(Date.now() + 86_400_000).toISOString();
  const created = await send(browser, '/api/2.0/mlflow/users/access-token', { expiration }, 'PATCH');
  expect(created.status).toBe(200);
  const { token = '' } = JSON.parse(created.text) as { token?: string };
  const login = ['root@example.com', token] as const;
  expect((await request(server.url + SEARCH, { login })).status).toBe(200);
  const { code, stderr } = await runJob(lab, server, 'smoke_test', smokeTestVariables(server.environment), {
    MLFLOW_TRACKING_USERNAME: login[0],
    MLFLOW_TRACKING_PASSWORD: login[1],
  });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining(token)]);
});

test('below a static prefix the probes find the health page, and nothing is open beside it', async () => {
  const prefixed = await RenderedServer.start(lab, environmentOf('/ml'));
  const statuses = await Promise.all(
    [`/ml${SEARCH}`, '/ml/metrics', '/ml/version', '/ml/health'].map(async (path) => {
      const { status } = await request(prefixed.url + path);
      return status;
    }),
  );
  expect(statuses).toEqual([401, 404, 401, 200]);
  await prefixed.service.stop();
});

test('neither PostgreSQL nor the log has a secret of the app in plain sight', async () => {
  const output = server.service.output;
  expect(output).not.toContain(appSecret);
  expect(output).not.toContain('db p@ss');
});

test('prepare refuses an app that the image lacks, and says which it has', async () => {
  const { code, stderr } = await prepareRendered(lab, server.environment, undefined, {
    PREPARE_APP_NAME: 'kubernetes',
  });
  expect(code).toBe(64);
  expect(stderr).toContain("this image has no authentication app 'kubernetes', only basic-auth, oidc-auth");
});

/** What the start program makes of an app that a module brings, with MLflow's own packages. */
const loaded = (app: string) =>
  run(
    [
      python(VERSION),
      '-c',
      `import flask, sys, threading, types
from server.uvicorn_server import load_unknown_application
module = sys.modules["an_app"] = types.ModuleType("an_app")
class Application:
    async def __call__(self, scope, receive, send): pass
def create_with_thread():
    threading.Thread(target=threading.Event().wait, name="refresher", daemon=True).start()
    return Application()
module.application, module.create, module.create_with_thread = Application(), lambda: Application(), create_with_thread
module.flask = flask.Flask("an_app")
print(type(load_unknown_application("an_app:${app}")).__name__)
`,
    ],
    { PATH: process.env.PATH, HOME: lab.folder },
  );

test.each([
  ['application', 'Application'],
  ['create', 'Application'],
  ['flask', 'Flask'],
])('an app that is %s becomes a server', async (app, type) => {
  const { code, stdout, stderr } = await loaded(app);
  expect([code, stdout.trim(), stderr]).toEqual([0, type, '']);
});

test('an app that starts threads when it is imported is refused, because no fork keeps them', async () => {
  const { code, stderr } = await loaded('create_with_thread');
  expect([code, stderr]).toEqual([1, expect.stringContaining('starts threads when it is imported (refresher)')]);
});
