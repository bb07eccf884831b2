import { Browser } from './browser';
import { basic, request } from './http';
import { Lab } from './lab';
import { administrator, loginOf, proxyPassword } from './pod-variables';
import { waitFor } from './process';
import { ProxiedServer, SEARCH, USER } from './single-sign-on';
import { releases } from './tools';

/** People who come through a real oauth2-proxy from a real OpenID provider, and programs beside them. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const CREATE = '/ajax-api/2.0/mlflow/experiments/create';

describe.each(releases)('MLflow %s behind a proxy', (version) => {
  let proxied: ProxiedServer;
  const ask = (path: string, given: Parameters<typeof request>[1] = {}) => request(proxied.url + path, given);

  beforeAll(async () => {
    proxied = await ProxiedServer.start(lab, version, `sso-${version}`, {
      auth: {
        defaultPermission: 'NO_PERMISSIONS',
        cacheSeconds: 1,
        users: [{ name: 'ci', permission: 'EDIT' }],
      },
      oidc: {
        bearerTokens: true,
        emailDomains: ['example.com'],
        allowedGroups: ['ml', 'cn=ml,ou=groups'],
        session: { expiry: '1h' },
      },
    });
    for (const [name, more] of Object.entries({
      ann: {},
      bob: { groups: ['others', 'cn=ml,ou=groups'] },
      eve: { groups: ['others'] },
      mallory: { email: 'mallory@example.org' },
      unverified: { email_verified: false },
      admin: { email: 'admin' },
      ci: { email: 'ci' },
    })) {
      const claims = { email: `${name}@example.com`, email_verified: true, groups: ['ml'], ...more };
      await proxied.provider.set(name, claims);
    }
  });

  test('a person is sent to the provider, logs in, and is in MLflow as themselves', async () => {
    const browser = new Browser();
    const before = await browser.send(`${proxied.url}/`);
    expect([before.status, before.headers.location]).toEqual([302, expect.stringContaining(proxied.provider.url)]);
    expect(String(before.headers.location)).toContain('code_challenge_method=S256');
    const [cookie] = [before.headers['set-cookie'] ?? []].flat();
    expect(cookie).toMatch(/^mlflow-mlflow_[\w-]+_csrf=.*; Path=\/; .*HttpOnly; SameSite=Lax$/);
    // So that its name may begin with __Host-.
    expect(cookie).not.toContain('Domain');
    const page = await proxied.open(browser, 'ann');
    expect([page.status, page.url, page.text]).toEqual([200, `${proxied.url}/`, expect.stringMatching(/<html/i)]);
    const created = await proxied.fetch(browser, CREATE, { name: `ann's ${version}` });
    expect([created.status, created.text]).toEqual([200, expect.stringContaining('experiment_id')]);
    const { text } = await ask(`${USER}ann@example.com`, { login: administrator });
    expect(JSON.parse(text)).toMatchObject({ user: { username: 'ann@example.com', is_admin: false } });
  });

  test('a person sees and changes what permissions allow, and is refused the rest', async () => {
    const [ann, bob] = [await proxied.browserOf('ann'), await proxied.browserOf('bob')];
    const created = await proxied.fetch(ann, CREATE, { name: `private ${version}` });
    const { experiment_id: id } = JSON.parse(created.text) as { experiment_id: string };
    const get = `/ajax-api/2.0/mlflow/experiments/get?experiment_id=${id}`;
    expect((await proxied.fetch(ann, get)).status).toBe(200);
    expect((await proxied.fetch(bob, get)).status).toBe(403);
    expect((await proxied.fetch(bob, SEARCH)).text).not.toContain(`private ${version}`);
    expect((await proxied.fetch(ann, SEARCH)).text).toContain(`private ${version}`);
    const rename = { experiment_id: id, new_name: 'mine' };
    expect((await proxied.fetch(bob, '/ajax-api/2.0/mlflow/experiments/update', rename)).status).toBe(403);
    const isByRole = version !== '3.1.0';
    const path = isByRole
      ? '/api/3.0/mlflow/users/permissions/grant'
      : '/api/2.0/mlflow/experiments/permissions/create';
    const grant = (permission: string) => ({
      username: 'bob@example.com',
      permission,
      ...(isByRole ? { resource_type: 'experiment', resource_id: id } : { experiment_id: id }),
    });
    expect((await proxied.fetch(bob, path, grant('MANAGE'))).status).toBe(403);
    expect((await ask(path, { login: administrator, json: grant('READ') })).status).toBe(200);
    await waitFor('the permission', async () => (await proxied.fetch(bob, get)).status === 200);
    expect((await proxied.fetch(bob, '/ajax-api/2.0/mlflow/experiments/update', rename)).status).toBe(403);
    // Nobody becomes an administrator.
    const promote = { username: 'bob@example.com', is_admin: true };
    const answer = await proxied.fetch(bob, '/api/2.0/mlflow/users/update-admin', promote);
    expect(answer.status).toBeGreaterThanOrEqual(400);
  });

  test('many first requests of a person at once create one account', async () => {
    await proxied.provider.set('new', { email: 'new@example.com', email_verified: true, groups: ['ml'] });
    const browser = await proxied.browserOf('new');
    const answers = await Promise.all(Array.from({ length: 20 }, () => proxied.fetch(browser, SEARCH)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await ask('/api/2.0/mlflow/users/delete', {
      method: 'DELETE',
      login: administrator,
      json: { username: 'new@example.com' },
    });
    // The account is created again: who may come is decided at the provider.
    await waitFor('the person to come again', async () => (await proxied.fetch(browser, SEARCH)).status === 200);
  });

  test.each([
    ['eve', 'a group that is not allowed'],
    ['mallory', 'an address of another domain'],
    ['unverified', 'an address that is not verified'],
  ])('%s is refused because of %s', async (name) => {
    const page = await proxied.open(new Browser(), name);
    expect([page.status, page.text]).toEqual([403, expect.not.stringContaining('mlflow-root')]);
    const token = await proxied.provider.tokenFor(name, proxied.client, proxied.redirectUrl);
    const answer = await ask(SEARCH.replace('/ajax-api', '/api'), { headers: { authorization: `Bearer ${token}` } });
    expect([401, 403]).toContain(answer.status);
    expect((await ask(`${USER}${name}@example.com`, { login: administrator })).status).toBe(404);
  });

  test('without a session, the page gets 401, and programs are asked for a login', async () => {
    const answer = await proxied.fetch(new Browser(), SEARCH);
    expect([answer.status, answer.headers['www-authenticate'], answer.headers.location]).toEqual([
      401,
      undefined,
      undefined,
    ]);
    expect((await ask(SEARCH.replace('/ajax-api', '/api'))).status).toBe(401);
    expect((await ask('/health')).status).toBe(200);
    for (const path of [
      '/static-files/index.html',
      '/graphql',
      '/signup',
      '/',
      '/get-artifact?path=x&run_uuid=y',
      '/metrics',
    ])
      expect([path, [302, 401].includes((await ask(path)).status)]).toEqual([path, true]);
  });

  test('a program with a login comes as before', async () => {
    const search = SEARCH.replace('/ajax-api', '/api');
    for (const login of [administrator, loginOf('ci')]) expect((await ask(search, { login })).status).toBe(200);
    expect((await ask(search, { login: ['ci', 'wrong'] })).status).toBe(401);
  });

  test('a program with a token of the provider is its person', async () => {
    const token = await proxied.provider.tokenFor('ann', proxied.client, proxied.redirectUrl);
    const search = SEARCH.replace('/ajax-api', '/api');
    const bearer = { authorization: `Bearer ${token}` };
    expect((await ask(search, { headers: bearer })).text).toContain(`ann's ${version}`);
    // As MLflow's client sends it with MLFLOW_TRACKING_PASSWORD.
    expect((await ask(search, { login: ['any', token] })).text).toContain(`ann's ${version}`);
    const [header, payload, signature = ''] = token.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), email: 'admin' }),
    );
    for (const wrong of [
      `${header}.${forged.toString('base64url')}.${signature}`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${forged.toString('base64url')}.x`,
      `${token}x`,
      await proxied.provider.tokenFor('ann', await proxied.provider.register(proxied.redirectUrl), proxied.redirectUrl),
    ])
      expect((await ask(search, { headers: { authorization: `Bearer ${wrong}` } })).status).toBe(401);
  });

  test('no header of a client says who it is', async () => {
    const search = SEARCH.replace('/ajax-api', '/api');
    const claims = {
      'X-Forwarded-User': 'admin',
      'X-Forwarded-Email': 'admin',
      'X-Forwarded-Preferred-Username': 'admin',
      'X-Forwarded-Groups': 'ml',
      'X-Auth-Request-User': 'admin',
      'X-Remote-User': 'admin',
      'X-Mlflow-Proxy-User': basic('admin', 'x'),
      'X-Mlflow-Proxy-Email': basic('admin', 'x'),
      'X-Mlflow-Proxy-Groups': basic('ml', 'x'),
      x_mlflow_proxy_user: basic('admin', 'x'),
      'X-MLflow-Authorization': basic('admin', 'x'),
    };
    for (const [name, value] of Object.entries(claims))
      expect([name, (await ask(search, { headers: { [name]: value } })).status]).toEqual([name, 401]);
    // Even the proxy's own password is no login, even of a person who knew it.
    // Many wrong logins are asked to wait.
    for (const name of ['admin', 'ci', 'ann@example.com', proxied.client.id])
      expect([401, 429]).toContain((await ask(search, { login: [name, proxyPassword] })).status);
    const headers = { ...claims, 'X-Mlflow-Proxy-User': basic('admin', proxyPassword) };
    expect((await ask(search, { headers })).status).toBe(401);
    // Beside a session they say nothing, either.
    const ann = await proxied.browserOf('ann');
    const own = await proxied.fetch(ann, `${USER}admin`, undefined, headers);
    expect(own.status).toBe(403);
    expect(
      (await proxied.fetch(ann, SEARCH, undefined, { ...headers, authorization: basic('admin', 'x') })).text,
    ).toContain(`ann's ${version}`);
  });

  test('the name of an administrator or of a declared user is not had by having it at the provider', async () => {
    const open = await ProxiedServer.start(lab, version, `sso-names-${version}`, {
      auth: { users: [{ name: 'ci', permission: 'EDIT' }] },
    });
    const search = SEARCH;
    for (const [name, status] of [
      ['admin', 401],
      ['ci', 401],
      ['a:b', 401],
      ['x'.repeat(256), 401],
      ['tab\there', 401],
      ['someone', 200],
    ] as const) {
      await open.provider.set('person', { email: name });
      const browser = await open.browserOf('person');
      const answer = await open.fetch(browser, search);
      expect([name, answer.status, answer.headers['www-authenticate']]).toEqual([name, status, undefined]);
    }
    expect(open.server.service.output).toContain("refused 'admin', who came by single sign-on: an administrator has");
    expect(open.server.service.output).toContain("refused 'ci', who came by single sign-on: one of auth.users has");
    await open.stop();
  });

  test('the server itself believes the password alone, from whom it may come', async () => {
    const direct = (headers: Readonly<Record<string, string>>) =>
      request(proxied.server.url + SEARCH, { headers }).then(({ status }) => status);
    const user = basic('ann@example.com', proxyPassword);
    const [email, groups] = [user, basic('ml', proxyPassword)];
    const all = { 'X-Mlflow-Proxy-User': user, 'X-Mlflow-Proxy-Email': email, 'X-Mlflow-Proxy-Groups': groups };
    expect(await direct(all)).toBe(200);
    for (const wrong of [
      '',
      'Basic',
      'Basic x',
      basic('ann@example.com', 'wrong'),
      `${user},${user}`,
      `${user},x`,
      user.slice(6),
    ])
      if (wrong !== '') expect([wrong, await direct({ ...all, 'X-Mlflow-Proxy-User': wrong })]).toEqual([wrong, 401]);
    expect(await direct({ ...all, 'X-Mlflow-Proxy-Groups': basic('ml', 'wrong') })).toBe(401);
    expect(await direct({ 'X-Mlflow-Proxy-User': user })).toBe(401);
  });

  test('who logs out is logged out', async () => {
    const browser = await proxied.browserOf('ann');
    expect((await proxied.fetch(browser, SEARCH)).status).toBe(200);
    await browser.send(`${proxied.url}/oauth2/sign_out`);
    expect((await proxied.fetch(browser, SEARCH)).status).toBe(401);
    expect((await browser.send(`${proxied.url}/`)).status).toBe(302);
  });
});
