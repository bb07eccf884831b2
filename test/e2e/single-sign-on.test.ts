import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Round } from './clients';
import type { Outsider } from './exposure/outsider';
import { CONTROLLER } from './exposure/traefik';
import { clientPython, kubectl, lastJson, program, rolledOut, until } from './lab';
import { inServer, reachable, serverPods } from './pods';
import { type Asker, basic, Claims, requestsIn, statusesOf } from './single-sign-on/claims';
import { Person } from './single-sign-on/person';
import { Site } from './single-sign-on/site';
import { HOST, NAMESPACE, STRANGER, Surroundings } from './single-sign-on/surroundings';
import { underSteadyClient } from './steady-client';

/** Single sign-on in a cluster, for real clients and a browser outside: `npm run test:single-sign-on`. */

const SCREENSHOTS = process.env.MLFLOW_TEST_SCREENSHOTS;
const SEARCH = '/ajax-api/2.0/mlflow/experiments/search?max_results=100';
const UPDATE = '/ajax-api/2.0/mlflow/experiments/update';

const surroundings = new Surroundings();
const { outsider } = surroundings;

beforeAll(() => surroundings.start());
afterAll(() => surroundings.stop());

describe.each(['3.1.0', '3.18.0'] as const)('MLflow %s with single sign-on', (release) => {
  const site = new Site(release, surroundings);
  const rounds: Record<string, Round> = {};
  const home = release === '3.1.0' ? '/' : '/experiments';

  beforeAll(() => site.start());
  afterAll(() => site.stop());

  const arrive = async (subject: string): Promise<Person> => {
    const person = await Person.with(surroundings.browser, site, subject);
    await person.come();
    return person;
  };
  const save = async (person: Person, what: string) => {
    if (SCREENSHOTS) await person.pages.screenshot(join(SCREENSHOTS, `sso-${release}-${what}.png`));
  };
  const experiment = (name: string) => rounds[name]?.experiment ?? '';
  const getting = (name: string) => `/ajax-api/2.0/mlflow/experiments/get?experiment_id=${experiment(name)}`;

  it('serves a whole round of programs outside: one with a login, one with a token', async () => {
    const { user, password } = await site.login('ci');
    for (const [name, login] of Object.entries({
      ci: { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password },
      ann: { MLFLOW_TRACKING_TOKEN: await site.token('ann') },
    })) {
      const env = {
        ...login,
        MLFLOW_TRACKING_URI: site.url,
        MLFLOW_TRACKING_SERVER_CERT_PATH: outsider.authority,
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet',
      };
      const round = lastJson<Round>(await outsider.run([clientPython(release), program('client.py'), name], { env }));
      expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
      rounds[name] = round;
    }
  });

  it('leads a person to the provider, and then shows them what is theirs', async () => {
    const ann = await Person.with(surroundings.browser, site, 'ann');
    await ann.open();
    expect(ann.isAsked).toBe(true);
    await save(ann, 'provider');
    expect((await ann.logIn())?.status()).toBe(200);
    expect(new URL(ann.address).origin).toBe(site.url);
    const cookies = await ann.cookies();
    const session = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', domain: HOST };
    // The one against forged logins is gone when the login is done.
    expect(cookies).toEqual([expect.objectContaining({ ...session, name: '__Host-mlflow-mlflow' })]);

    await ann.pages.show(home, 'round-ann');
    await save(ann, 'experiments');
    expect(await ann.pages.page.getByText('round-ci').count()).toBe(0);
    const runs = `/experiments/${experiment('ann')}${release === '3.1.0' ? '' : '/runs'}`;
    await ann.pages.show(runs, '1 matching run');
    expect(await ann.pages.search('metrics.loss < 0.5')).toEqual({ status: 200, origin: site.url, found: 1 });
    await ann.pages.show(`/experiments/${experiment('ann')}/runs/${rounds.ann?.run}/model-metrics`, 'loss');
    expect(await ann.pages.points()).toBe(10);
    await save(ann, 'chart');
    await ann.pages.show('/models/model-ann/versions/1', 'Version 1');
    expect(ann.pages.trouble).toEqual({ errors: [], failed: [] });
    await ann.pages.close();
  });

  it('lets a person do what an administrator grants, and nothing else', async () => {
    const bob = await arrive('bob');
    expect((await bob.fetch(SEARCH)).text).not.toMatch(/round-(ann|ci)/);
    expect((await bob.fetch(getting('ann'))).status).toBe(403);
    await site.grant('bob', 'READ', experiment('ann'));
    await sleep(2000);
    await bob.pages.show(home, 'round-ann');
    await save(bob, 'granted');
    expect((await bob.fetch(getting('ann'))).status).toBe(200);
    expect((await bob.fetch(getting('ci'))).status).toBe(403);
    expect((await bob.fetch(UPDATE, { experiment_id: experiment('ann'), new_name: 'mine' })).status).toBe(403);
    await bob.pages.close();
  });

  it('refuses who is in no allowed group or domain, with a page that says so', async () => {
    for (const name of ['eve', 'mallory']) {
      const person = await Person.with(surroundings.browser, site, name);
      expect((await person.come())?.status()).toBe(403);
      await person.pages.page.getByText('Forbidden').first().waitFor();
      await save(person, `refused-${name}`);
      expect((await person.fetch(SEARCH)).status).toBe(401);
      await person.pages.close();
    }
  });

  it('refuses the name of a declared user, unless it is shared', async () => {
    const [carl, dana] = [await arrive('carl'), await arrive('dana')];
    expect((await carl.fetch(SEARCH)).status).toBe(401);
    await save(carl, 'name-refused');
    expect((await dana.fetch(getting('ci'))).status).toBe(200);
    expect((await dana.fetch(UPDATE, { experiment_id: experiment('ci'), new_name: 'mine' })).status).toBe(403);
    await Promise.all([carl.pages.close(), dana.pages.close()]);
  });

  it('logs a person out, who is asked again', async () => {
    const ann = await arrive('ann');
    expect((await ann.fetch(SEARCH)).status).toBe(200);
    await ann.open('/oauth2/sign_out');
    expect(await ann.cookies()).not.toContainEqual(expect.objectContaining({ name: '__Host-mlflow-mlflow' }));
    await ann.open();
    expect(ann.isAsked).toBe(true);
    await ann.pages.close();
  });

  it('is reached through the proxy alone, and by the controller alone', async () => {
    const address = await podAddress();
    const service = `mlflow.${NAMESPACE}.svc.cluster.local:5000`;
    const addresses = [`${address}:4180`, `${address}:5000`, service];
    const from = (where: string, labels = {}) =>
      reachable({ namespace: where, name: 'connecting', image: site.image, labels }, addresses);
    expect(await from(CONTROLLER.namespace, CONTROLLER.labels)).toEqual([`${address}:4180`, service]);
    expect(await from(CONTROLLER.namespace)).toEqual([]);
    expect(await from(STRANGER, CONTROLLER.labels)).toEqual([]);
    // Whatever a policy admits, nothing else of the pod listens.
    expect((await inServer(['python', '-c', LISTENING], { namespace: NAMESPACE })).trim()).toBe('4180');
  });

  it('believes no header that claims to be somebody, from outside and from the controller', async () => {
    const claims = await Claims.of(site, 'round-ci');
    const ann = await arrive('ann');
    const { user, password } = await site.login('ci');
    const administrator = `/api/2.0/mlflow/users/get?username=${(await site.login('administrator')).user}`;
    const own = SEARCH.replace('/ajax-api', '/api');
    const askers: Readonly<Record<string, readonly [asker: Asker['headers'], expected: Record<string, string[]>]>> = {
      nobody: [{}, { [administrator]: ['401'], [own]: ['401'], [SEARCH]: ['401'], '/': ['302'] }],
      session: [{ Cookie: await ann.session() }, { [administrator]: ['403'], [own]: ['200'], [SEARCH]: ['200'] }],
      token: [{ Authorization: `Bearer ${await site.token('ann')}` }, { [administrator]: ['403'], [own]: ['200'] }],
      login: [{ Authorization: basic(user, password) }, { [administrator]: ['403'] }],
    };
    const origin = `http://${await podAddress()}:4180`;
    for (const [name, [headers, expected]] of Object.entries(askers)) {
      const asker = { headers, paths: Object.keys(expected) };
      for (const [where, answered] of [
        ['outside', await claims.fromOutside(outsider, asker)],
        ['controller', await claims.fromController(site.image, origin, asker)],
      ] as const) {
        expect([name, where, statusesOf(answered)]).toEqual([name, where, expected]);
        console.log(`MLflow ${release}, ${name} from ${where}: ${requestsIn(answered)} requests, none believed`);
      }
    }
    await ann.pages.close();
  });

  it('keeps sessions over a restart, and at a second pod', async () => {
    const ann = await arrive('ann');
    await site.change({ replicas: 2 });
    await until('two pods are left', 120, async () => (await serverPods(NAMESPACE)).length === 2);
    await kubectl(['-n', NAMESPACE, 'delete', ...(await serverPods(NAMESPACE)), '--wait']);
    await rolledOut(300, NAMESPACE);
    for (let request = 0; request < 20; request += 1) expect((await ann.fetch(SEARCH)).status).toBe(200);
    await ann.reload();
    await ann.pages.show(home, 'round-ann');
    expect((await ann.fetch(SEARCH)).text).toContain('round-ann');
    await site.change({});
    await ann.pages.close();
  });

  it('loses no request of a session in a rolling update', async () => {
    const ann = await arrive('ann');
    await site.grant('ann', 'EDIT', '0');
    const env = { SESSION: await ann.session(), REQUESTS_CA_BUNDLE: outsider.authority };
    const runs: Outsider['run'] = (given, options) => outsider.run(given, options);
    const restart = () => kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'deployment/mlflow']);
    const what = `MLflow ${release}, rolling update under sessions`;
    const counted = await underSteadyClient(
      what,
      { release: '3.18.0', url: site.url, env, runs },
      restart,
      120,
      NAMESPACE,
    );
    expect(counted).toMatchObject({ failed: 0 });
    expect(counted.ok).toBeGreaterThan(200);
    await ann.pages.close();
  });

  it('asks again when a session has expired', async () => {
    await site.change({ expiry: '1m' });
    const ann = await arrive('ann');
    await ann.pages.show(home, 'round-ann');
    await sleep(61_000);
    expect((await ann.fetch(SEARCH)).status).toBe(401);
    await ann.reload();
    expect(ann.isAsked).toBe(true);
    expect((await ann.logIn())?.status()).toBe(200);
    await ann.pages.close();
  });
});

/** Prints the ports of a pod that listen for others than itself. */
const LISTENING = [
  "lines = [line.split() for name in ('tcp', 'tcp6') for line in open(f'/proc/net/{name}')]",
  "listening = [line[1].split(':') for line in lines if line[3] == '0A']",
  "print(*sorted({int(port, 16) for address, port in listening if address != '0100007F'}))",
].join('\n');

/** The address of the server's only pod. */
const podAddress = async (): Promise<string> => {
  const [pod = ''] = await serverPods(NAMESPACE);
  return kubectl(['-n', NAMESPACE, 'get', pod, '-o', 'jsonpath={.status.podIP}']);
};
