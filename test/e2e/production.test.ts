import { join } from 'node:path';
import { clientCode } from './clients';
import { apply, removeVariants, sql, synthesizeVariant } from './homelab';
import { runJobOf } from './jobs';
import { applyObjects, kubectl, lab, lastJson, type RunOptions, rolledOut, tryKubectl, until } from './lab';
import { connecting, inServer, pythonInPod, pythonPod, reachable, serverPods } from './pods';
import {
  applyAuthority,
  IMAGE,
  NAMESPACE,
  NODE_SIZED,
  PRODUCTION,
  removeProduction,
  startProduction,
} from './production';
import { clientIn, clientSecret } from './production-clients';
import { startSteadyClient } from './steady-client';
import { PASSWORD, playOperator, USER_PASSWORD } from './vault';

const SERVER = `mlflow.${NAMESPACE}.svc.cluster.local:5000`;
const METRICS = `mlflow-metrics.${NAMESPACE}.svc.cluster.local:5001`;
let output = '';

beforeAll(async () => {
  await startProduction();
  output = await synthesizeVariant('production', NODE_SIZED, 'production');
});
afterAll(async () => {
  removeVariants();
  await removeProduction();
});

const ready = async () =>
  Number(await kubectl(['-n', NAMESPACE, 'get', 'deployment', 'mlflow', '-o', 'jsonpath={.status.readyReplicas}']));

describe('the production environment', () => {
  it('is accepted by the API server as it is committed', async () => {
    await apply(join(output, '00-namespace.k8s.yaml'));
    // The lab otherwise makes all requests tiny, of which an autoscaler would take a percentage.
    await kubectl(['label', 'namespace', NAMESPACE, 'mlflow-lab/requests=keep']);
    const dry = await tryKubectl(['apply', '--server-side', '--dry-run=server', '-R', '-f', PRODUCTION]);
    expect({ ...dry, stdout: '' }).toEqual({ code: 0, stderr: '', stdout: '' });
  });

  it('becomes ready from one apply, with two pods that the autoscaler asks for', async () => {
    const applied = await tryKubectl(['apply', '-R', '-f', output]);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    await applyAuthority();
    await playOperator();
    await rolledOut(400, NAMESPACE);
    await until('two pods are ready', 240, async () => (await ready()) === 2);
  });

  it('serves a whole client round through the ingress controller', async () => {
    await applyObjects([clientSecret('jupyterhub')]);
    const round = lastJson(await pythonInPod(clientIn('jupyterhub', 'notebook'), clientCode('notebook')));
    expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
  });

  it('talks to PostgreSQL and S3 by certificates that are checked', async () => {
    const encrypted = await sql(
      'postgres',
      "select count(*), bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'mlflow-server/%'",
    );
    expect(encrypted).toMatch(/^[1-9]\d*\|t$/m);
  });

  it.each([
    ['jupyterhub', 'notebooks'],
    ['argo', 'workflows'],
  ])(
    'serves pods of %s, which know the server and log in as %s by what the namespace was given',
    async (where, user) => {
      const envFrom = [{ configMapRef: { name: 'mlflow-client' } }, { secretRef: { name: 'mlflow-client' } }];
      const pod = {
        namespace: where,
        name: `given-${user}`,
        image: IMAGE,
        envFrom,
        // MLflow's telemetry changes the environment while a request reads it, which then fails (3.18.0).
        env: [
          { name: 'HOME', value: '/tmp' },
          { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true' },
        ],
      };
      const round = lastJson(await pythonInPod(pod, clientCode(user)));
      expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
      const asked =
        "import os, requests\nprint(requests.get(os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/users/get', params={'username': 'admin'}, auth=(os.environ['MLFLOW_TRACKING_USERNAME'], os.environ['MLFLOW_TRACKING_PASSWORD']), timeout=30).status_code)";
      expect((await pythonInPod({ ...pod, name: `asking-${user}` }, asked)).trim()).toBe('403');
    },
  );

  it('leads people to the provider, and serves programs at the address that people type, for no foreign page', async () => {
    const code = [
      'import json, os, requests',
      "login = (os.environ['MLFLOW_TRACKING_USERNAME'], os.environ['MLFLOW_TRACKING_PASSWORD'])",
      "page = requests.get(os.environ['MLFLOW_TRACKING_URI'], allow_redirects=False, verify='/client/ca.crt', timeout=30)",
      "result = {'page': [page.status_code, page.headers.get('Location', '').partition('?')[0]]}",
      "for origin in ['https://mlflow.example.com', 'https://evil.example']:",
      "    answer = requests.post(os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/experiments/search',",
      "        json={'max_results': 5}, auth=login, headers={'Origin': origin}, verify='/client/ca.crt', timeout=30)",
      '    result[origin] = answer.status_code',
      'print(json.dumps(result))',
    ].join('\n');
    expect(lastJson(await pythonInPod(clientIn('jupyterhub', 'browser'), code))).toEqual({
      page: [302, 'https://sso.example.com/realms/company/authorize'],
      'https://mlflow.example.com': 200,
      'https://evil.example': 403,
    });
  });

  it('backs up to a store with the company’s certificate and collects garbage, both at one time', async () => {
    const [copied, collected] = await Promise.all([
      runJobOf('mlflow-backup', NAMESPACE),
      runJobOf('mlflow-gc', NAMESPACE),
    ]);
    expect(copied).toMatchObject({ condition: 'Complete', log: expect.stringMatching(/is complete: 2 databases/) });
    expect(copied.log).toMatch(/artifacts: [1-9]\d* of [1-9]\d* objects copied/);
    expect(collected).toMatchObject({ condition: 'Complete', log: expect.stringContaining('gc: removed ') });
  });

  it('changes nothing when it is applied again', async () => {
    const again = await apply(output);
    const changed = again.split('\n').filter((line) => line && !line.endsWith(' unchanged'));
    // kubectl replaces the selector of a budget as a whole at each apply, though with the same one: the diff is empty.
    expect(changed).toEqual(['poddisruptionbudget.policy/mlflow configured']);
    expect(await tryKubectl(['diff', '-R', '-f', output])).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('network policies', () => {
  const from = (namespace: string, name: string, labels = {}) =>
    reachable({ namespace, name, image: IMAGE, labels }, [SERVER, METRICS]);

  it('admits the configured clients, ingress controller and scraper, and nothing else', async () => {
    const scraper = { 'app.kubernetes.io/name': 'prometheus' };
    const controller = { 'app.kubernetes.io/name': 'ingress-nginx' };
    // Before and after, somebody is let in: a refusal is not a server that is away.
    expect(await from('jupyterhub', 'before')).toEqual([SERVER]);
    const table: readonly [namespace: string, labels: Record<string, string>, reached: string[]][] = [
      ['jupyterhub', {}, [SERVER]],
      ['argo', {}, [SERVER]],
      [NAMESPACE, {}, [SERVER]],
      ['monitoring', scraper, [METRICS]],
      ['monitoring', {}, []],
      ['ingress-nginx', controller, [SERVER]],
      ['ingress-nginx', {}, []],
      ['stranger', {}, []],
      ['stranger', scraper, []],
    ];
    const found = await Promise.all(
      table.map(async ([namespace, labels], index) => {
        const reached = await from(namespace, `client-${index}`, labels);
        return [namespace, labels, reached];
      }),
    );
    expect(found).toEqual(table);
    expect(await from('jupyterhub', 'after')).toEqual([SERVER]);
  });

  it('shows the metrics of every pod to the scraper, by the login in its Secret and by no other', async () => {
    const code = `
import base64, http.client, json, os, socket
found = []
for address in sorted({each[4][0] for each in socket.getaddrinfo("mlflow-metrics.${NAMESPACE}.svc.cluster.local", 5001)}):
    for login in (os.environ["LOGIN"], "admin:" + os.environ["ADMIN"], None):
        connection = http.client.HTTPConnection(address, 5001, timeout=20)
        connection.request("GET", "/metrics", headers={"Authorization": "Basic " + base64.b64encode(login.encode()).decode()} if login else {})
        answer = connection.getresponse()
        text = answer.read().decode()
        found.append([answer.status, "mlflow_server_up 1" in text, "mlflow_http_request_total" in text])
print(json.dumps(found))
`;
    const pod = {
      namespace: 'monitoring',
      name: 'prometheus',
      image: IMAGE,
      labels: { 'app.kubernetes.io/name': 'prometheus' },
      env: [
        { name: 'LOGIN', value: `metrics:${USER_PASSWORD}`.replaceAll('$(', '$$(') },
        { name: 'ADMIN', value: PASSWORD.replaceAll('$(', '$$(') },
      ],
    };
    const refused = [401, false, false];
    const ofOne = [[200, true, true], refused, refused];
    expect(lastJson(await pythonInPod(pod, code))).toEqual([...ofOne, ...ofOne]);
  });

  it('lets the server out to DNS, PostgreSQL and S3 alone', async () => {
    const ip = async (...given: string[]) => (await kubectl([...given, '-o', 'jsonpath={.spec.clusterIP}'])).trim();
    const dns = `${await ip('-n', 'kube-system', 'get', 'service', 'kube-dns')}:53`;
    const api = `${await ip('get', 'service', 'kubernetes')}:443`;
    await applyObjects([
      pythonPod(
        { namespace: 'stranger', name: 'listener', image: IMAGE },
        'import http.server, os\nos.chdir("/tmp")\nhttp.server.test(port=8080)',
      ),
    ]);
    await kubectl(['-n', 'stranger', 'wait', '--for=condition=Ready', 'pod/listener', '--timeout=60s']);
    const listener = `${await kubectl(['-n', 'stranger', 'get', 'pod', 'listener', '-o', 'jsonpath={.status.podIP}'])}:8080`;
    const stores = ['postgres.example.com:5432', 's3.example.com:443'];
    const every = [...stores, dns, api, listener, '192.168.1.10:6443'];
    expect(await reachable({ namespace: 'stranger', name: 'control', image: IMAGE }, every)).toEqual(every);
    const [pod = ''] = await serverPods(NAMESPACE);
    const said = await inServer(['python', '-c', connecting(every)], { namespace: NAMESPACE, pod });
    expect(lastJson(said)).toEqual([...stores, dns]);
  });
});

describe('the number of pods', () => {
  it('is kept by the disruption budget: of two evictions at once, one is refused', async () => {
    await until('two pods are ready', 240, async () => (await ready()) === 2);
    const evictions = (await serverPods(NAMESPACE)).map((pod) => {
      const name = pod.replace('pod/', '');
      const input = JSON.stringify({
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: NAMESPACE },
      });
      const path = `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`;
      return tryKubectl(['create', '--raw', path, '-f', '-'], { input });
    });
    const ended = await Promise.all(evictions);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(ended.map(({ stderr }) => stderr).join('')).toContain('disruption budget');
    await until('two pods are ready again', 240, async () => (await ready()) === 2);
  });

  it('follows the load up and down, without a failed request', async () => {
    const env = { MLFLOW_TRACKING_USERNAME: 'admin', MLFLOW_TRACKING_PASSWORD: PASSWORD };
    const runs = (argv: readonly string[], options: RunOptions) => lab('exec', argv, options);
    const client = (pause: string) =>
      startSteadyClient({ release: '3.18.0', url: `http://${SERVER}`, env, pause, runs });
    const began = Date.now();
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;

    const busy = client('0.01');
    await until('a third pod is ready', 240, async () => (await ready()) === 3);
    console.log(`three pods ready after ${seconds()}`);
    const [loaded, quiet] = [await busy(), client('1')];
    await until('two pods are left', 300, async () => (await serverPods(NAMESPACE)).length === 2);
    console.log(`two pods left after ${seconds()}`);
    const counted = [loaded, await quiet()];
    console.log(`under load, and while a pod left: ${JSON.stringify(counted)}`);
    for (const each of counted) expect(each).toMatchObject({ failed: 0, reasons: {} });
    // Kept connections end with their pod, and each client has two.
    for (const { reopened } of counted) expect(reopened).toBeLessThanOrEqual(4);
    expect(loaded.ok).toBeGreaterThan(500);
  });
});
