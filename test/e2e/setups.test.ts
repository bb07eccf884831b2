import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientCode } from './clients';
import {
  apply,
  removeSurroundings,
  removeVariants,
  startSurroundings,
  synthesizeText,
  synthesizeVariant,
} from './homelab';
import { loadRelease } from './images';
import { runJobOf } from './jobs';
import {
  applyObjects,
  CREDENTIALS,
  IMAGE,
  imageLine,
  kubectl,
  lastJson,
  namespace,
  program,
  removeNamespaces,
  rolledOut,
  secret,
} from './lab';
import { DNS_NAMESPACE, DNS_PORT, removeBinding, startOtherDns } from './other-dns';
import { inServer, pythonInPod, reachable } from './pods';
import { psql } from './quickstart';

/** What people run that no committed environment is: `npm run test:setups`. */

afterAll(removeVariants);

/** A program of this tier for `python -c`, with its arguments in it. */
const code = (name: string, ...given: readonly string[]): string =>
  `import sys\nsys.argv[1:] = ${JSON.stringify(given)}\n${readFileSync(program(name), 'utf8')}`;

describe.each(['3.11.1', '3.18.0'])(
  'MLflow %s below a prefix, with two processes and containers of its user',
  (release) => {
    const NAMESPACE = 'mlflow-prefixed';
    const CLIENTS = 'notebooks';
    const image = { repository: 'localhost/mlflow-prefixed', tag: release };
    const name = `${image.repository}:${image.tag}`;

    beforeAll(async () => {
      await loadRelease(name, release);
      await removeNamespaces([NAMESPACE, CLIENTS]);
      await applyObjects([namespace(CLIENTS)]);
      const folder = await synthesizeVariant(
        'prefixed',
        `image: ${JSON.stringify(image)}
namespace: { name: ${NAMESPACE} }
server:
  staticPrefix: /mlflow
  workers: 2
  resources: { limits: { memory: 1280Mi } }
  volumes:
    - { name: shared, emptyDir: { sizeLimit: 1Mi } }
    - { name: own, configMap: { name: own-settings } }
  volumeMounts:
    - { name: shared, mountPath: /shared, readOnly: true }
    - { name: own, mountPath: /own, readOnly: true }
  initContainers:
    - name: writer
      image: ${name}
      command: [python, -c, "open('/shared/made', 'w').write('by an init container')"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  sidecars:
    - name: files
      image: ${name}
      command: [python, -m, http.server, "8081", --bind, 127.0.0.1, --directory, /shared]
      volumeMounts: [{ name: shared, mountPath: /shared, readOnly: true }]
auth: { users: [{ name: notebooks, permission: EDIT }] }
clients: [{ namespace: ${CLIENTS}, user: notebooks }]
garbageCollection: { olderThan: 1d }
smokeTest: { enabled: true }
`,
        'quickstart',
        [],
        { 'objects/settings.yaml': join(__dirname, 'manifests', 'own-settings.yaml') },
      );
      await apply(folder);
      await rolledOut(300, NAMESPACE);
    });
    afterAll(() => removeNamespaces([NAMESPACE, CLIENTS]));

    const env = [
      { name: 'HOME', value: '/tmp' },
      { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true' },
    ];
    /** A program in a pod that knows the server and logs in by what its namespace was given. */
    const asClient = async (what: string, ...given: readonly string[]) =>
      pythonInPod(
        {
          namespace: CLIENTS,
          name: what,
          image: name,
          envFrom: [{ configMapRef: { name: 'mlflow-client' } }, { secretRef: { name: 'mlflow-client' } }],
          env,
        },
        what === 'client' ? clientCode('prefixed') : code(`${what}.py`, ...given),
      );
    /** The same as the administrator, beside the server. */
    const asAdministrator = async (what: string, uri: string, ...given: readonly string[]) => {
      const login = ['MLFLOW_TRACKING_USERNAME', 'MLFLOW_TRACKING_PASSWORD'].map((key) => ({
        name: key,
        valueFrom: { secretKeyRef: { name: 'mlflow-basic-auth', key } },
      }));
      const variables = [...env, ...login, { name: 'MLFLOW_TRACKING_URI', value: uri }];
      return pythonInPod(
        { namespace: NAMESPACE, name: what, image: name, env: variables },
        code(`${what}.py`, ...given),
      );
    };
    const SERVER = `http://mlflow.${NAMESPACE}.svc.cluster.local:5000`;

    it('serves a whole client round in a namespace that was given the address and a login', async () => {
      expect(lastJson(await asClient('client'))).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
    });

    it('answers below the prefix, and asks a login for everything but its health', async () => {
      const found = lastJson<Record<'with' | 'without', Record<string, number>>>(
        await asAdministrator('prefixed', SERVER, '/mlflow'),
      );
      const { '/health': health, ...others } = found.without;
      expect([release, health]).toEqual([release, release === '3.11.1' ? 401 : 200]);
      expect(Object.entries(others).filter(([, status]) => status !== 401)).toEqual([]);
      expect(found.with['/']).toBe(200);
      // The API has the prefix from MLflow 3.12 on; the web page asks below it on all.
      expect(found.with['/ajax-api/2.0/mlflow/experiments/get?experiment_id=0']).toBe(200);
    });

    it('collects garbage', async () => {
      const [deleted, kept] = [
        lastJson<Made>(await asClient('deleted', 'delete')),
        lastJson<Made>(await asClient('deleted', 'keep')),
      ];
      await psql(`\\c mlflow\nUPDATE runs SET deleted_time = 0 WHERE run_uuid = '${deleted.run}';\n`, NAMESPACE);
      expect(await runJobOf('mlflow-gc', NAMESPACE)).toMatchObject({
        condition: 'Complete',
        log: expect.stringContaining('gc: removed 1 runs, 0 logged models, 0 experiments'),
      });
      const look = async ({ experiment, run }: Made) => lastJson(await asClient('deleted', 'look', experiment, run));
      expect(await look(deleted)).toEqual({ known: false, files: [] });
      expect(await look(kept)).toEqual({ known: true, files: ['weights.bin'] });
    });

    it('passes its smoke test', async () => {
      const tested = await runJobOf('mlflow-smoke-test', NAMESPACE);
      expect(tested).toMatchObject({ condition: 'Complete', log: expect.stringContaining('smoke test: passed in ') });
    });

    it('reads webhooks with a secret in both processes', async () => {
      const uri = await kubectl([
        '-n',
        CLIENTS,
        'get',
        'configmap',
        'mlflow-client',
        '-o',
        'jsonpath={..MLFLOW_TRACKING_URI}',
      ]);
      expect(uri).toBe(release === '3.11.1' ? SERVER : `${SERVER}/mlflow`);
      expect(lastJson(await asAdministrator('webhook', uri))).toEqual([[200, 'told', 40]]);
    });

    it('runs an init container, and a sidecar that the server reaches', async () => {
      const read = "import urllib.request as u\nprint(u.urlopen('http://127.0.0.1:8081/made').read().decode())";
      expect((await inServer(['cat', '/shared/made'], { namespace: NAMESPACE })).trim()).toBe('by an init container');
      expect((await inServer(['python', '-c', read], { namespace: NAMESPACE })).trim()).toBe('by an init container');
    });

    it('mounts an object of its user, which the same apply made', async () => {
      expect(await inServer(['cat', '/own/greeting'], { namespace: NAMESPACE })).toBe('of the user');
    });
  },
);

/** What test/e2e/programs/deleted.py made. */
interface Made {
  readonly experiment: string;
  readonly run: string;
}

describe('a store whose Service has another port than its pods, and a DNS elsewhere', () => {
  const SERVER_LABELS = {
    'app.kubernetes.io/name': 'mlflow',
    'app.kubernetes.io/instance': 'mlflow',
    'app.kubernetes.io/component': 'server',
  };
  let dns = '';

  beforeAll(async () => {
    await removeNamespaces([DNS_NAMESPACE]);
    await startSurroundings();
    dns = await startOtherDns();
    const gateway = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'gateway', namespace: 'minio' },
      spec: { selector: { app: 'minio' }, ports: [{ port: 80, targetPort: 9000, protocol: 'TCP' }] },
    };
    const { databaseUser, databasePassword, accessKey, secretKey, admin, flaskKey } = CREDENTIALS;
    await applyObjects([
      namespace('mlflow'),
      gateway,
      secret('mlflow', 'mlflow-db-credentials', { username: databaseUser, password: databasePassword }),
      secret('mlflow', 'mlflow-s3-secret', { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey }),
      secret('mlflow', 'mlflow-basic-auth', {
        MLFLOW_TRACKING_USERNAME: admin,
        MLFLOW_TRACKING_PASSWORD: 'of the administrator',
        MLFLOW_FLASK_SERVER_SECRET_KEY: flaskKey,
      }),
    ]);
    const asksOnlyIt = (path: string) => [
      { op: 'add', path: `${path}/dnsPolicy`, value: 'None' },
      {
        op: 'add',
        path: `${path}/dnsConfig`,
        value: { nameservers: [dns], searches: ['mlflow.svc.cluster.local', 'svc.cluster.local', 'cluster.local'] },
      },
    ];
    const patches = [
      { kind: 'Deployment', name: 'mlflow', operations: asksOnlyIt('/spec/template/spec') },
      { kind: 'CronJob', name: 'mlflow-smoke-test', operations: asksOnlyIt('/spec/jobTemplate/spec/template/spec') },
    ];
    const folder = await synthesizeText(
      'mlflow',
      `${imageLine('3.18.0')}namespace: { name: mlflow }
database: { host: 192.168.1.100, credentials: { secret: mlflow-db-credentials } }
artifacts: { s3: { bucket: mlflow-artifacts, endpoint: "http://gateway.minio.svc", addressingStyle: path, credentials: { secret: mlflow-s3-secret } } }
auth: { secret: mlflow-basic-auth }
server: { resources: { requests: { cpu: 200m }, limits: { cpu: 1, memory: 768Mi } } }
smokeTest: { enabled: true }
networkPolicy: { dns: [{ namespace: ${DNS_NAMESPACE}, port: ${DNS_PORT} }] }
patches: ${JSON.stringify(patches)}
`,
    );
    await apply(folder);
    await rolledOut();
  });
  afterAll(async () => {
    await removeBinding();
    await removeNamespaces([DNS_NAMESPACE]);
    await removeSurroundings();
  });

  it('serves with files, by names that only this DNS gave', async () => {
    const tested = await runJobOf('mlflow-smoke-test');
    expect(tested).toMatchObject({ condition: 'Complete', log: expect.stringContaining('smoke test: passed in ') });
  });

  it('lets the server to no other DNS', async () => {
    const addresses = [`${dns}:53`, '10.96.0.10:53', 'gateway.minio.svc.cluster.local:80'];
    const pod = { namespace: 'mlflow', name: 'asking', image: IMAGE['3.18.0'] };
    expect(await reachable(pod, addresses)).toEqual(addresses);
    // It has the lab's own DNS, which the policy closes: of the names none is found.
    expect(await reachable({ ...pod, labels: SERVER_LABELS }, addresses)).toEqual([`${dns}:53`]);
  });
});
