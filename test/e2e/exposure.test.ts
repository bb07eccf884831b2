import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { makeCertificates } from './certificates';
import type { Round } from './clients';
import { startBrowser } from './exposure/browser';
import { Outsider } from './exposure/outsider';
import { Pages } from './exposure/pages';
import { HOSTS, NAMESPACE, Site, type Way } from './exposure/site';
import { CONTROLLER, removeTraefik, startTraefik, TRAEFIK } from './exposure/traefik';
import { removeVariants } from './homelab';
import { applyObjects, clientPython, kubectl, lastJson, namespace, program, removeNamespaces } from './lab';
import { pythonInPod, reachable } from './pods';

/** The server at an Ingress and at a Gateway of a real controller, for real clients outside: `npm run test:exposure`. */

const WAYS = Object.keys(HOSTS) as Way[];
const STRANGER = 'stranger';
const SERVICE = `mlflow.${NAMESPACE}.svc.cluster.local:5000`;
const SCREENSHOTS = process.env.MLFLOW_TEST_SCREENSHOTS;
const GIBIBYTE = 2 ** 30;

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-exposure-'));
const outsider = new Outsider(folder, TRAEFIK, Object.values(HOSTS));
let browser: Browser | undefined;

beforeAll(async () => {
  await removeTraefik();
  await makeCertificates(
    folder,
    Object.values(HOSTS).map((host) => `DNS:${host}`),
  );
  await startTraefik(folder);
  await applyObjects([namespace(STRANGER)]);
  browser = await startBrowser(outsider);
});
afterAll(async () => {
  await browser?.close();
  await removeNamespaces([NAMESPACE, STRANGER]);
  await removeTraefik();
  removeVariants();
  rmSync(folder, { recursive: true, force: true });
});

const RELEASES = ['3.1.0', '3.11.1', '3.18.0'] as const;
const CASES = RELEASES.flatMap((release) => ['/', '/mlflow'].map((path) => [release, path] as const));

describe.each(CASES)('MLflow %s at the path %s of a host', (release, path) => {
  const site = new Site(release, path, folder);
  const checksHosts = release !== '3.1.0';
  const rounds: Partial<Record<Way, Round>> = {};

  beforeAll(() => site.start());
  afterAll(() => site.stop());

  /** What a real client outside has in its environment. */
  async function client(way: Way): Promise<Record<string, string>> {
    const { user, password } = await site.login();
    return {
      MLFLOW_TRACKING_URI: site.trackingUri(way),
      MLFLOW_TRACKING_USERNAME: user,
      MLFLOW_TRACKING_PASSWORD: password,
      MLFLOW_TRACKING_SERVER_CERT_PATH: outsider.authority,
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
    };
  }

  /** The status of a request outside, with the administrator's login. */
  async function status(url: string, ...given: readonly string[]): Promise<string> {
    const { user, password } = await site.login();
    const argv = ['curl', '--silent', '--config', '-', '--cacert', outsider.authority, '--output', '/dev/null'];
    const input = `user = "${user}:${password}"\n`;
    return outsider.run([...argv, '--write-out', '%{http_code}', ...given, url], { input });
  }

  it.each(WAYS)('serves a whole round of a client outside, by %s', async (way) => {
    const env = await client(way);
    const round = lastJson<Round>(await outsider.run([clientPython(release), program('client.py'), way], { env }));
    expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
    rounds[way] = round;
  });

  it.each(WAYS)('shows its pages with data in a browser outside, by %s', async (way) => {
    const round = rounds[way];
    if (!browser || !round) throw new Error('no browser, or no run to show');
    const pages = await Pages.open(browser, site.page(way), await site.login());
    const save = (what: string) =>
      SCREENSHOTS && pages.screenshot(join(SCREENSHOTS, `${release}${path.replace('/', '-')}-${way}-${what}.png`));

    await pages.show(release === '3.1.0' ? '/' : '/experiments', `round-${way}`);
    await save('experiments');
    const runs = `/experiments/${round.experiment}${release === '3.1.0' ? '' : '/runs'}`;
    await pages.show(runs, '1 matching run');
    const origin = `https://${HOSTS[way]}`;
    expect(await pages.search('metrics.loss < 0.5')).toEqual({ status: 200, origin, found: 1 });
    expect(await pages.search('metrics.loss > 0.5')).toEqual({ status: 200, origin, found: 0 });
    await pages.show(`/experiments/${round.experiment}/runs/${round.run}/model-metrics`, 'loss');
    expect(await pages.points()).toBe(10);
    await save('chart');
    await pages.show(`/models/model-${way}/versions/1`, 'Version 1');
    await save('version');
    // 3.11.1 has this route at the root alone, and its page works without it.
    const failed = pages.trouble.failed.filter((each) => !each.endsWith('/assistant/config'));
    expect({ ...pages.trouble, failed }).toEqual({ errors: [], failed: [] });
    await pages.close();
  });

  it.each(WAYS)('serves no other host and no page of another origin, by %s', async (way) => {
    const search = `${site.page(way)}/ajax-api/2.0/mlflow/experiments/search`;
    const post = ['--header', 'Content-Type: application/json', '--data', '{"max_results": 5}'];
    expect(await status(search, ...post, '--header', `Origin: https://${HOSTS[way]}`)).toBe('200');
    expect(await status(search, ...post, '--header', 'Origin: https://evil.example')).toBe('403');
    expect(await status(search, ...post, '--header', 'Host: evil.example')).toBe('404');
    expect(await status(search.replace('https:', 'http:'), ...post)).toBe('404');
    if (path !== '/') expect(await status(`https://${HOSTS[way]}/`)).toBe('404');
  });

  it('is reached by the controller and by nothing else, and accepts the hosts of both alone', async () => {
    const { user, password } = await site.login();
    const pod = (where: string, name: string, labels = {}) =>
      reachable({ namespace: where, name, image: site.image, labels }, [SERVICE]);
    expect(await pod('traefik', 'before', CONTROLLER.labels)).toEqual([SERVICE]);
    expect(await pod('traefik', 'other')).toEqual([]);
    expect(await pod(STRANGER, 'stranger', CONTROLLER.labels)).toEqual([]);
    const hosts = [...Object.values(HOSTS), 'evil.example'];
    const said = await pythonInPod(
      {
        namespace: 'traefik',
        name: 'asking',
        image: site.image,
        labels: CONTROLLER.labels,
        env: [
          { name: 'LOGIN', value: `${user}:${password}`.replaceAll('$(', '$$(') },
          {
            name: 'URL',
            value: `http://${SERVICE}${path === '/' ? '' : path}/ajax-api/2.0/mlflow/experiments/get?experiment_id=0`,
          },
        ],
      },
      askingBy(hosts),
    );
    expect(lastJson(said)).toEqual([200, 200, checksHosts ? 403 : 200]);
  });

  if (path === '/')
    it('passes an artifact of 2 GiB up and down in bounded memory', async () => {
      const env = await client('ingress');
      let seconds = '';
      const most = await site.footprintOf(async () => {
        const argv = [clientPython(release), program('large.py'), '2048', folder];
        seconds = await outsider.run(argv, { env, seconds: 500 });
      });
      console.log(`MLflow ${release}, 2 GiB: ${seconds.trim()} ${JSON.stringify(most)}`);
      expect(most.memory).toBeLessThan(0.75 * GIBIBYTE);
      expect(most.temporary).toBeLessThan(2.1 * GIBIBYTE);
      expect(await restarts()).toBe('0');
    });
});

/** Prints the statuses of a page for each Host. */
const askingBy = (hosts: readonly string[]): string =>
  [
    'import base64, json, os, urllib.error, urllib.request',
    "login = 'Basic ' + base64.b64encode(os.environ['LOGIN'].encode()).decode()",
    'def ask(host):',
    "    request = urllib.request.Request(os.environ['URL'], headers={'Authorization': login, 'Host': host})",
    '    try:',
    '        return urllib.request.urlopen(request, timeout=30).status',
    '    except urllib.error.HTTPError as error:',
    '        return error.code',
    `print(json.dumps([ask(host) for host in ${JSON.stringify(hosts)}]))`,
  ].join('\n');

/** How often the server was started again. */
const restarts = () =>
  kubectl([
    ...['-n', NAMESPACE, 'get', 'pods', '-l', 'app.kubernetes.io/component=server'],
    ...['-o', 'jsonpath={.items[0].status.containerStatuses[0].restartCount}'],
  ]);
