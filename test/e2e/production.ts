import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from './homelab';
import { loadImage } from './images';
import {
  applyObjects,
  CREDENTIALS,
  clientPython,
  kubectl,
  LAB,
  lab,
  namespace,
  outside,
  ROOT,
  removeNamespaces,
  run,
  secret,
  TEST_HOME,
  tryKubectl,
  until,
} from './lab';
import { pythonPod } from './pods';

/**
 * What the production environment names under example.com, stood in for: PostgreSQL and S3 with certificates of a company's
 * own authority at 192.168.1.100, the image under its digest, the External Secrets operator with its vault, and an ingress controller (a small proxy with
 * TLS) at 192.168.1.205. DNS knows their names.
 */

export const PRODUCTION = join(ROOT, 'dist', 'production');
export const NAMESPACE = 'mlflow-production';
export const PASSWORD = 'the administrator: p%ss "w" $(X)';
export const NAMESPACES = [NAMESPACE, 'ingress-nginx', 'monitoring', 'jupyterhub', 'argo', 'stranger'];

/** The image that the committed output names. */
export const IMAGE = /image: (registry\S+)/.exec(
  readFileSync(join(PRODUCTION, 'deployment.k8s.yaml'), 'utf8'),
)?.[1] as string;

/** The image with PostgreSQL's programs. */
const BACKUP_IMAGE = /image: (registry\S+postgres\S+)/.exec(
  readFileSync(join(PRODUCTION, 'backup.k8s.yaml'), 'utf8'),
)?.[1] as string;

const byDigest = (image: string) => image.replace(/:[^:@/]+@/, '@');

const NEIGHBOUR = '192.168.1.100';
const REGION = 'eu-central-1';
const INGRESS = '192.168.1.205';
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-production-'));
const file = (name: string) => join(folder, name);
let store: ChildProcess | undefined;
let hosts: string | undefined;

/** Builds the surroundings anew and applies the committed output. */
export async function startProduction(): Promise<void> {
  await removeProduction();
  await makeCertificates();
  // Without the tag: the runtime looks an image up by its digest.
  await loadImage(byDigest(IMAGE), 'mlflow-3.18.0.tar');
  await loadImage(byDigest(BACKUP_IMAGE), 'postgres.tar');
  await Promise.all([startDatabase(), startStore(), nameHosts()]);
  await applyObjects(NAMESPACES.filter((name) => name !== NAMESPACE).map((name) => namespace(name)));
  await startIngressController();
}

/** Ends all that was made. */
export async function removeProduction(): Promise<void> {
  store?.kill();
  store = undefined;
  await removeNamespaces(NAMESPACES);
  await lab('postgres', ['down']);
  if (hosts !== undefined) await setHosts(hosts);
  hosts = undefined;
  rmSync(folder, { recursive: true, force: true });
}

/** The ConfigMap that the environment says somebody else makes. */
export const applyAuthority = () =>
  applyObjects([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'company-ca', namespace: NAMESPACE },
      data: { 'ca.crt': readFileSync(file('ca.crt'), 'utf8') },
    },
  ]);

/** The password of each user of lesser privilege. */
export const USER_PASSWORD = 'of a user: p%ss "w" $(X)';

/** What the vault holds, which the lab lacks: properties by the name of the secret. */
const VAULT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'registry-credentials': { dockerconfigjson: '{"auths":{}}' },
  'mlflow-db-credentials': { username: CREDENTIALS.databaseUser, password: CREDENTIALS.databasePassword },
  'mlflow-s3-secret': { AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey, AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey },
  'mlflow-basic-auth': {
    MLFLOW_TRACKING_USERNAME: 'admin',
    MLFLOW_TRACKING_PASSWORD: PASSWORD,
    MLFLOW_FLASK_SERVER_SECRET_KEY: CREDENTIALS.flaskKey,
  },
  'mlflow-backup-s3-secret': {
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey,
  },
  'mlflow-metrics': { username: 'metrics', password: USER_PASSWORD },
  'mlflow-user-notebooks': { MLFLOW_TRACKING_USERNAME: 'notebooks', MLFLOW_TRACKING_PASSWORD: USER_PASSWORD },
  'mlflow-user-workflows': { MLFLOW_TRACKING_USERNAME: 'workflows', MLFLOW_TRACKING_PASSWORD: USER_PASSWORD },
};

interface ExternalSecret {
  readonly metadata: { readonly namespace: string };
  readonly spec: {
    readonly secretStoreRef: { readonly name: string; readonly kind: string };
    readonly target: { readonly name: string; readonly template: { readonly type: string } };
    readonly data: readonly { readonly secretKey: string; readonly remoteRef: { key: string; property: string } }[];
  };
}

/** Plays the External Secrets operator once: makes the Secret of every ExternalSecret that was applied, as it says. */
export async function playOperator(): Promise<void> {
  const { items } = JSON.parse(await kubectl(['get', 'externalsecrets', '-A', '-o', 'json'])) as {
    items: ExternalSecret[];
  };
  await applyObjects(
    items.map(({ metadata: { namespace: where }, spec: { secretStoreRef, target, data } }) => {
      if (secretStoreRef.kind !== 'ClusterSecretStore' || secretStoreRef.name !== 'vault')
        throw new Error('no such store');
      const values = data.map(({ secretKey, remoteRef: { key, property } }) => {
        const value = VAULT[key.replace(/^mlflow\/production\//, '')]?.[property];
        if (value === undefined) throw new Error(`the vault has no ${property} of ${key}`);
        return [secretKey, value] as const;
      });
      return secret(where, target.name, Object.fromEntries(values), target.template.type);
    }),
  );
}

/** What a client in a pod needs to come in through the ingress controller, as a Secret of its namespace. */
export const clientSecret = (where: string, uri = 'https://mlflow.example.com') =>
  secret(where, 'through-ingress', {
    MLFLOW_TRACKING_URI: uri,
    MLFLOW_TRACKING_USERNAME: 'admin',
    MLFLOW_TRACKING_PASSWORD: PASSWORD,
    MLFLOW_TRACKING_SERVER_CERT_PATH: '/client/ca.crt',
    MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    GIT_PYTHON_REFRESH: 'quiet',
    HOME: '/tmp',
    'ca.crt': readFileSync(file('ca.crt'), 'utf8'),
  });

async function makeCertificates(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  // PostgreSQL's own user reads its key here.
  chmodSync(folder, 0o711);
  const openssl = (...given: string[]) => run('openssl', given, { cwd: folder });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=company');
  const names = ['postgres', 's3', 'backup', 'mlflow'].map((name) => `DNS:${name}.example.com`);
  writeFileSync(file('names'), `subjectAltName=${[...names, `IP:${NEIGHBOUR}`].join(',')}\n`);
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=example.com');
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  await openssl('x509', '-req', '-in', 'server.csr', ...authority, '-out', 'server.crt');
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
async function nameHosts(): Promise<void> {
  hosts = await kubectl(['-n', 'kube-system', 'get', 'configmap', 'coredns', '-o', 'jsonpath={.data.hosts}']);
  const names = `${NEIGHBOUR} postgres.example.com s3.example.com backup.example.com\n${INGRESS} mlflow.example.com\n`;
  await setHosts(`${hosts.trimEnd()}\n${names}`);
}

async function setHosts(text: string): Promise<void> {
  const patch = JSON.stringify({ data: { hosts: text } });
  await kubectl(['-n', 'kube-system', 'patch', 'configmap', 'coredns', '--type=merge', '--patch', patch]);
  // A new pod reads it at once; one that runs would take a minute.
  await kubectl(['-n', 'kube-system', 'rollout', 'restart', 'deployment/coredns']);
  await kubectl(['-n', 'kube-system', 'rollout', 'status', 'deployment/coredns', '--timeout=60s']);
}

/** A proxy that ends TLS and hands everything on with the Host that was asked for, as an ingress controller does. */
async function startIngressController(): Promise<void> {
  const where = 'ingress-nginx';
  const labels = { 'app.kubernetes.io/name': 'ingress-nginx' };
  await applyObjects([
    secret(where, 'mlflow-tls', {
      'tls.crt': readFileSync(file('server.crt'), 'utf8'),
      'tls.key': readFileSync(file('server.key'), 'utf8'),
    }),
    pythonPod(
      {
        namespace: where,
        name: 'controller',
        image: IMAGE,
        labels,
        volumes: [{ name: 'tls', mountPath: '/tls', secret: { secretName: 'mlflow-tls' } }],
      },
      PROXY,
    ),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'controller', namespace: where, annotations: { 'metallb.io/loadBalancerIPs': INGRESS } },
      spec: { type: 'LoadBalancer', selector: labels, ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }] },
    },
  ]);
  await until('the ingress controller listens', 60, async () =>
    (await tryKubectl(['-n', where, 'logs', 'controller'])).stdout.includes('listening'),
  );
}

/** TLS in front, bytes as they come behind it: each connection gets one of its own to the Service. */
const PROXY = [
  'import asyncio, ssl',
  'async def pump(reader, writer):',
  '    try:',
  '        while data := await reader.read(65536):',
  '            writer.write(data)',
  '            await writer.drain()',
  '    except OSError:',
  '        pass',
  '    finally:',
  '        writer.close()',
  'async def serve(reader, writer):',
  '    try:',
  `        inner = await asyncio.open_connection('mlflow.${NAMESPACE}.svc.cluster.local', 5000)`,
  '    except OSError:',
  '        return writer.close()',
  '    await asyncio.gather(pump(reader, inner[1]), pump(inner[0], writer))',
  'async def main():',
  '    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)',
  "    context.load_cert_chain('/tls/tls.crt', '/tls/tls.key')",
  "    server = await asyncio.start_server(serve, '0.0.0.0', 8443, ssl=context)",
  "    print('listening', flush=True)",
  '    await server.serve_forever()',
  'asyncio.run(main())',
].join('\n');
