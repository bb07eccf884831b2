import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { roundFromOutside, roundFromPod, status } from './clients';
import { collectsGarbage } from './garbage';
import {
  adminPassword,
  apply,
  emptyDatabases,
  removeSurroundings,
  removeVariants,
  startController,
  startSurroundings,
  synthesizeVariant,
} from './homelab';
import {
  ADMIN_PASSWORD,
  BALANCER,
  CREDENTIALS,
  clientPython,
  IMAGE,
  kubectl,
  LAB,
  lastJson,
  login,
  NODE,
  NODE_PORT,
  outside,
  ROOT,
  removeNamespaces,
  rolledOut,
  tryKubectl,
  until,
} from './lab';
import { changedIn, connecting, expectRestricted, inServer, reachable, serverPods } from './pods';
import { restartUnderClient } from './steady-client';

beforeAll(startSurroundings);
afterAll(async () => {
  removeVariants();
  await removeSurroundings();
});

/** The committed output of the Ansible role's setting, applied as a user applies it. */
const HOMELAB = join(ROOT, 'dist', 'homelab');

const IMAGE_CHANGE = 'image: { tag: 3.18.0-1 }\n';

/** The same with the newest release, whose administrator has a password of ASCII alone. */
let newest = '';
beforeAll(async () => {
  // Once: sealed again, the same value is another text.
  newest = await synthesizeVariant('newest', IMAGE_CHANGE, 'homelab', adminPassword(ADMIN_PASSWORD['3.18.0']));
});

const diff = (folder: string) => tryKubectl(['diff', '-R', '-f', folder]);

describe('the setting of the Ansible role on MLflow 3.1.0', () => {
  it('becomes ready from one apply, though the controller that opens the Secrets comes after the pods that wait for them', async () => {
    const applied = await tryKubectl(['apply', '-R', '-f', HOMELAB]);
    expect(applied.stderr).toBe('');
    expect(applied.code).toBe(0);
    await until('the pod waits for its Secrets', 60, async () => {
      const reasons = await kubectl(['-n', 'mlflow', 'get', 'pods', '-o', 'jsonpath={..waiting.reason}']);
      return reasons.includes('CreateContainerConfigError');
    });
    const began = Date.now();
    await startController();
    await rolledOut();
    console.log(`Ready ${((Date.now() - began) / 1000).toFixed(0)} s after the controller was started`);
  });

  it('serves a whole client round through the load balancer, the node port and the cluster', async () => {
    const balanced = await roundFromOutside('3.1.0', BALANCER, 'balanced');
    const node = await roundFromOutside('3.1.0', NODE_PORT, 'node');
    const pod = await roundFromPod('3.1.0', 'jupyterhub', 'notebook');
    for (const round of [balanced, node, pod])
      expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
  });

  it('lets no pod in that the environment does not name', async () => {
    const server = ['mlflow.mlflow.svc.cluster.local:5000'];
    const from = (namespace: string) => reachable({ namespace, name: 'client', image: IMAGE['3.1.0'] }, server);
    expect(await from('argo')).toEqual(server);
    expect(await from('stranger')).toEqual([]);
    expect(await from('argo')).toEqual(server);
  });

  it('lets the server out to the database and the store by their addresses, and nowhere else', async () => {
    const minio = 'minio.minio.svc.cluster.local:9000';
    const every = ['192.168.1.100:5432', minio, '192.168.1.10:6443', '192.168.1.100:5433'];
    // The same port of the same machine, beside the database: only the policy tells it apart.
    const listen = 'import socket, time; s = socket.create_server(("192.168.1.100", 5433)); time.sleep(300)';
    const other = spawn(join(LAB, 'cluster', 'exec'), ['--ext', 'python3', '-c', listen], { stdio: 'ignore' });
    try {
      await until('all can be reached', 60, async () => {
        const free = { namespace: 'stranger', name: 'control', image: IMAGE['3.1.0'] };
        return (await reachable(free, every)).length === every.length;
      });
      expect(lastJson(await inServer(['python', '-c', connecting(every)]))).toEqual(['192.168.1.100:5432', minio]);
    } finally {
      other.kill();
    }
  });

  it('lets clients from outside in by their address where blocks are named', async () => {
    const ways = ['192.168.1.201:5000', `${NODE}:30800`];
    const open = async () => lastJson<string[]>(await outside([clientPython('3.1.0'), '-c', connecting(ways)]));
    const only = async (cidr: string) => {
      const policy = `networkPolicy: { clients: { cidrs: [${cidr}] } }`;
      const folder = await synthesizeVariant('blocks', `service: { externalTrafficPolicy: Local }\n${policy}\n`);
      for (const file of ['service', 'network-policy']) await apply(join(folder, `${file}.k8s.yaml`));
    };
    expect(await open()).toEqual(ways);
    await only('192.0.2.0/24');
    await until('nobody is let in', 30, async () => (await open()).length === 0);
    await only('192.168.1.100/32');
    await until('the neighbour is let in', 30, async () => (await open()).length === 2);
    await apply(HOMELAB);
    await until('all are let in', 30, async () => (await open()).length === 2);
  });

  it('answers 401 to wrong credentials and 200 to right ones, and asks none for its health', async () => {
    const page = `${BALANCER}/api/2.0/mlflow/experiments/get?experiment_id=0`;
    const { admin: user, adminPassword: password } = CREDENTIALS;
    expect(await status(page, { user, password })).toBe(200);
    expect(await status(page, { user, password: `${password}x` })).toBe(401);
    expect(await status(page, { user: 'nobody', password })).toBe(401);
    expect(await status(page)).toBe(401);
    expect(await status(`${BALANCER}/health`)).toBe(200);
  });

  it('is admitted under Pod Security restricted, as the namespace enforces it', async () => {
    expect(await serverPods()).toHaveLength(1);
    await expectRestricted();
  });

  it('keeps secrets out of logs, events, command lines and the file that holds the settings', async () => {
    const settings = await inServer(['cat', '/tmp/auth_config_resolved.ini']);
    expect(settings).toContain('default_permission = READ');
    const logs = await kubectl(['-n', 'mlflow', 'logs', 'deployment/mlflow', '--all-containers', '--tail=-1']);
    const described = await kubectl(['-n', 'mlflow', 'describe', 'pods']);
    const lines = "import glob\nfor f in glob.glob('/proc/[0-9]*/cmdline'):\n  print(open(f).read())";
    const processes = await inServer(['python', '-c', lines]);
    expect(processes).toContain('--max-request-body');
    const { databasePassword, secretKey, adminPassword, flaskKey } = CREDENTIALS;
    for (const value of [databasePassword, secretKey, adminPassword, adminPassword.trim(), flaskKey]) {
      for (const text of [settings, logs, described, processes]) expect(text.includes(value)).toBe(false);
    }
  });

  it('removes what was deleted long ago with its artifacts and nothing else, and passes its smoke test', () =>
    collectsGarbage('3.1.0'));

  it('changes nothing when it is applied again', async () => {
    expect(changedIn(await apply(HOMELAB))).toEqual([]);
    expect(await diff(HOMELAB)).toMatchObject({ code: 0, stdout: '' });
  });

  it('serves from two replicas, loses no request in a rolling restart, and scales back to what was applied', async () => {
    await kubectl(['-n', 'mlflow', 'scale', 'deployment', 'mlflow', '--replicas=2']);
    await rolledOut();
    expect(await serverPods()).toHaveLength(2);
    const counted = await restartUnderClient();
    expect(counted.ok).toBeGreaterThan(200);
    expect(counted).toMatchObject({ failed: 0, reasons: {} });
    // Two pods end, and two connections are kept.
    expect(counted.reopened).toBeLessThanOrEqual(4);
    await kubectl(['-n', 'mlflow', 'scale', 'deployment', 'mlflow', '--replicas=1']);
    await until('one pod is left', 120, async () => (await serverPods()).length === 1);
    expect(await diff(HOMELAB)).toMatchObject({ code: 0, stdout: '' });
  });

  it('uses a re-sealed administrator password, with the same apply', async () => {
    const page = `${BALANCER}/api/2.0/mlflow/experiments/get?experiment_id=0`;
    const user = CREDENTIALS.admin;
    const changed = 'another "long" password %(x)s';
    await apply(await synthesizeVariant('rotated', '', 'homelab', adminPassword(changed)));
    await rolledOut();
    await until('the old pod is gone', 120, async () => (await serverPods()).length === 1);
    expect(await status(page, { user, password: changed })).toBe(200);
    expect(await status(page, { user, password: CREDENTIALS.adminPassword })).toBe(401);
  });
});

describe('the same environment with only the image changed to MLflow 3.18.0', () => {
  it('refuses an administrator whom the release could not let in everywhere, and says what to do', async () => {
    // As on an empty cluster, with the controller there before.
    await removeNamespaces(['mlflow']);
    await emptyDatabases();
    await apply(await synthesizeVariant('newest', IMAGE_CHANGE));
    let said = '';
    await until('prepare ends with a message', 120, async () => {
      const path = 'jsonpath={.items[*].status.initContainerStatuses[*].lastState.terminated}';
      said = await kubectl(['-n', 'mlflow', 'get', 'pods', '-o', path]);
      return said !== '';
    });
    expect(JSON.parse(said)).toMatchObject({
      exitCode: 21,
      message: expect.stringContaining('contains a character outside ASCII'),
    });
    expect(said).not.toContain(CREDENTIALS.adminPassword.trim());
  });

  it('becomes ready on fresh databases and serves a whole client round', async () => {
    await apply(newest);
    await rolledOut();
    const rounds = [
      await roundFromOutside('3.18.0', BALANCER, 'balanced'),
      await roundFromOutside('3.18.0', NODE_PORT, 'node'),
      await roundFromPod('3.18.0', 'jupyterhub', 'newest-notebook'),
    ];
    for (const round of rounds) expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
    expect(await diff(newest)).toMatchObject({ code: 0, stdout: '' });
  });

  it('removes what was deleted long ago with its artifacts and nothing else, and passes its smoke test', () =>
    collectsGarbage('3.18.0'));

  it('lets in the web page from the addresses that people use, and no foreign one', async () => {
    const code = [
      'import base64, json, os, sys, requests',
      "h = {'Authorization': 'Basic ' + base64.b64encode((os.environ['MLFLOW_TRACKING_USERNAME'] + ':' + os.environ['MLFLOW_TRACKING_PASSWORD']).encode()).decode()}",
      'result = {}',
      "for origin in ['http://192.168.1.201:5000', 'http://192.168.1.85:30800', 'http://localhost:5000', 'http://evil.example']:",
      "    answer = requests.post(sys.argv[1] + '/ajax-api/2.0/mlflow/experiments/search', json={'max_results': 5}, headers={**h, 'Origin': origin}, timeout=30)",
      '    result[origin] = answer.status_code',
      "for host in ['mlflow.mlflow.svc.cluster.local:5000', 'mlflow', '192.168.1.85:30800', 'evil.example']:",
      "    answer = requests.get(sys.argv[1] + '/api/2.0/mlflow/experiments/get?experiment_id=0', headers={**h, 'Host': host}, timeout=30)",
      '    result[host] = answer.status_code',
      'print(json.dumps(result))',
    ].join('\n');
    const answers = lastJson(
      await outside([clientPython('3.18.0'), '-c', code, BALANCER], { env: login(ADMIN_PASSWORD['3.18.0']) }),
    );
    expect(answers).toEqual({
      'http://192.168.1.201:5000': 200,
      'http://192.168.1.85:30800': 200,
      'http://localhost:5000': 200,
      'http://evil.example': 403,
      'mlflow.mlflow.svc.cluster.local:5000': 200,
      mlflow: 200,
      '192.168.1.85:30800': 200,
      'evil.example': 403,
    });
  });
});
