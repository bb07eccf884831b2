import { join } from 'node:path';
import { clientCode, programCode } from './clients';
import { apply, removeVariants, synthesizeVariant } from './homelab';
import { loadRelease } from './images';
import { runJobOf } from './jobs';
import { applyObjects, kubectl, lastJson, namespace, removeNamespaces, rolledOut } from './lab';
import { inServer, pythonInPod } from './pods';
import { psql } from './quickstart';

/** What people run that no committed environment is: `npm run test:setups`. */

afterAll(removeVariants);

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
        what === 'client' ? clientCode('prefixed') : programCode(`${what}.py`, ...given),
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
        programCode(`${what}.py`, ...given),
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
