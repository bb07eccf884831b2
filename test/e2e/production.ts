import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from './certificates';
import { sql } from './homelab';
import { loadImage, loadProxy } from './images';
import { startIngressController } from './ingress-controller';
import {
  applyObjects,
  CREDENTIALS,
  clientPython,
  LAB,
  lab,
  namespace,
  outside,
  ROOT,
  removeNamespaces,
  run,
  TEST_HOME,
} from './lab';
import { Names } from './names';
import { PROVIDER, removeProvider, startProvider } from './production-provider';

/**
 * What the production environment names under example.com, stood in for: PostgreSQL and S3 with certificates of a company's
 * own authority at 192.168.1.100, what the provider of single sign-on says of itself at 192.168.1.101, the images under
 * their digests, the External Secrets operator with its vault, and an ingress controller (a small proxy with TLS) at
 * 192.168.1.205. DNS knows their names.
 */

export const PRODUCTION = join(ROOT, 'dist', 'production');
export const NAMESPACE = 'mlflow-production';
export const NAMESPACES = [NAMESPACE, 'ingress-nginx', 'monitoring', 'jupyterhub', 'argo', 'stranger'];

/**
 * The production environment as it is committed, with what the lab's node of two cores asks for: smaller requests, three
 * pods at most, and half a minute in place of five until a pod is taken away.
 */
export const NODE_SIZED = `server:
  resources: { requests: { cpu: 200m }, limits: { memory: 1536Mi } }
  temporaryStorage: 1Gi
  gracePeriod: 60
  autoscaling: { maxReplicas: 3, scaleDownStabilizationSeconds: 30 }
`;

/** The image of that name in a committed file. */
const imageIn = (file: string, name: string) =>
  new RegExp(`image: (registry\\S+/${name}:\\S+)`).exec(readFileSync(join(PRODUCTION, file), 'utf8'))?.[1] as string;

/** The image of MLflow. */
export const IMAGE = imageIn('deployment.k8s.yaml', 'mlflow');

/** The image with PostgreSQL's programs. */
const BACKUP_IMAGE = imageIn('backup.k8s.yaml', 'postgres');

/** The image with the proxy of single sign-on. */
const PROXY_IMAGE = imageIn('deployment.k8s.yaml', 'oauth2-proxy');

const byDigest = (image: string) => image.replace(/:[^:@/]+@/, '@');

const NEIGHBOUR = '192.168.1.100';
const REGION = 'eu-central-1';
const INGRESS = '192.168.1.205';
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-production-'));
const file = (name: string) => join(folder, name);
let store: ChildProcess | undefined;
let provider: ChildProcess | undefined;
const names = new Names();

/** Rebuilds the surroundings and applies the committed output. */
export async function startProduction(): Promise<void> {
  await removeProduction();
  await provideCertificates();
  // Without the tag: the runtime looks an image up by its digest.
  await loadImage(byDigest(IMAGE), 'mlflow-3.18.0.tar');
  await loadImage(byDigest(BACKUP_IMAGE), 'postgres.tar');
  await loadProxy(byDigest(PROXY_IMAGE));
  provider = await startProvider('https://sso.example.com/realms/company', folder);
  await Promise.all([startDatabase(), startStore(), nameHosts()]);
  await applyObjects(NAMESPACES.filter((name) => name !== NAMESPACE).map((name) => namespace(name)));
  await startIngressController({
    image: IMAGE,
    address: INGRESS,
    upstream: [`mlflow.${NAMESPACE}.svc.cluster.local`, 5000],
    tls: {
      certificate: readFileSync(file('server.crt'), 'utf8'),
      key: readFileSync(file('server.key'), 'utf8'),
    },
  });
}

/** Ends all that was made. */
export async function removeProduction(): Promise<void> {
  store?.kill();
  provider?.kill();
  store = provider = undefined;
  await removeProvider();
  await removeNamespaces(NAMESPACES);
  await lab('postgres', ['down']);
  await names.forget();
  rmSync(folder, { recursive: true, force: true });
}

/** The ConfigMap that the environment refers to and does not create. */
export const applyAuthority = () =>
  applyObjects([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'company-ca', namespace: NAMESPACE },
      data: { 'ca.crt': authority() },
    },
  ]);

/** The certificate of the company's authority. */
export const authority = () => readFileSync(file('ca.crt'), 'utf8');

async function provideCertificates(): Promise<void> {
  const hosts = ['postgres', 's3', 'backup', 'mlflow', 'sso'].map((name) => `DNS:${name}.example.com`);
  await makeCertificates(folder, [...hosts, `IP:${NEIGHBOUR}`]);
  // PostgreSQL's own user reads its key here.
  chmodSync(folder, 0o711);
  writeFileSync(file('postgres.key'), readFileSync(file('server.key')), { mode: 0o600 });
  const [user = '', group = ''] = (await run('sh', ['-c', 'id -u postgres; id -g postgres'])).split('\n');
  chownSync(file('postgres.key'), Number(user), Number(group));
}

async function startDatabase(): Promise<void> {
  const { databaseUser, databasePassword } = CREDENTIALS;
  await lab('postgres', ['up'], {
    env: { LAB_PG_USER: databaseUser, LAB_PG_PASSWORD: databasePassword, LAB_PG_DATABASE: 'mlflow' },
  });
  await sql('postgres', `create database mlflow_auth owner ${databaseUser}`);
  const settings = [`ssl_cert_file = '${file('server.crt')}'`, `ssl_key_file = '${file('postgres.key')}'`, 'ssl = on'];
  for (const setting of settings) await sql('postgres', `alter system set ${setting}`);
  await sql('postgres', 'select pg_reload_conf()');
}

async function startStore(): Promise<void> {
  mkdirSync(file('objects'));
  // Of another region it would still answer a listing, by a detour, but refuse each upload.
  const region = ['--region', REGION];
  const argv = [...region, '--port', `${NEIGHBOUR}:443`, '--cert', file('server.crt'), '--key', file('server.key')];
  store = spawn(
    join(LAB, 'cluster', 'exec'),
    ['--ext', join(TEST_HOME, 'bin', 'versitygw'), ...argv, 'posix', file('objects')],
    {
      env: { ...process.env, ROOT_ACCESS_KEY: CREDENTIALS.accessKey, ROOT_SECRET_KEY: CREDENTIALS.secretKey },
      stdio: 'ignore',
    },
  );
  const code = [
    'import boto3',
    `s3 = boto3.client('s3', endpoint_url='https://${NEIGHBOUR}')`,
    "for bucket in ['mlflow-production', 'mlflow-production-backup']:",
    `    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={'LocationConstraint': '${REGION}'})`,
  ].join('\n');
  const env = {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey,
    AWS_DEFAULT_REGION: REGION,
    AWS_CA_BUNDLE: file('ca.crt'),
  };
  await outside([clientPython('3.18.0'), '-c', code], { env });
}

/** Lets the cluster's DNS know the names of the environment, as a company's DNS would. */
const nameHosts = () =>
  names.add({
    [NEIGHBOUR]: ['postgres.example.com', 's3.example.com', 'backup.example.com'],
    [INGRESS]: ['mlflow.example.com'],
    [PROVIDER]: ['sso.example.com'],
  });
