import { apply, removeSurroundings, removeVariants, startSurroundings, synthesizeText } from './homelab';
import { runJobOf } from './jobs';
import { applyObjects, CREDENTIALS, IMAGE, imageLine, namespace, removeNamespaces, rolledOut, secret } from './lab';
import { DNS_NAMESPACE, DNS_PORT, removeBinding, startOtherDns } from './other-dns';
import { reachable } from './pods';

/** What people run that no committed environment is, of the network: `npm run test:setups`. */

afterAll(removeVariants);

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
