import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  applyObjects,
  CREDENTIALS,
  IMAGE,
  kubectl,
  lab,
  namespace,
  outside,
  ROOT,
  removeNamespaces,
  run,
  secret,
} from './lab';

/**
 * The surroundings that the environment of the Ansible role names: PostgreSQL at 192.168.1.100, S3 as minio.minio, the image under
 * its name, the Sealed Secrets controller, and namespaces with and without leave to use MLflow.
 */

/** Every namespace that these tests make. */
const NAMESPACES = ['mlflow', 'minio', 'jupyterhub', 'argo', 'stranger'];

const HOMELAB = join(ROOT, 'environments', 'homelab');
const EXAMPLE_CERTIFICATE = join(HOMELAB, 'sealing-certificate.pem');
const EXAMPLE_KEY = join(ROOT, 'test', 'sealed-secrets', 'example', 'key.pem');

const postgresEnvironment = {
  LAB_PG_USER: CREDENTIALS.databaseUser,
  LAB_PG_PASSWORD: CREDENTIALS.databasePassword,
  LAB_PG_DATABASE: 'mlflow',
};

/** Rebuilds the surroundings. */
export async function startSurroundings(): Promise<void> {
  await removeSurroundings();
  await lab('postgres', ['up'], { env: postgresEnvironment });
  await sql('postgres', 'create database mlflow_auth owner mlflow_user');
  await applyObjects([...NAMESPACES.filter((name) => name !== 'mlflow').map((name) => namespace(name))]);
  await applyObjects([
    secret('minio', 'minio-root', { accessKey: CREDENTIALS.accessKey, secretKey: CREDENTIALS.secretKey }),
  ]);
  await kubectl(['apply', '-f', '-'], {
    input: readFileSync(join(__dirname, 'manifests', 'object-store.yaml'), 'utf8'),
  });
  await kubectl(['-n', 'minio', 'rollout', 'status', 'deployment/minio', '--timeout=120s']);
  await createBucket();
}

/** Ends all that these tests made. */
export async function removeSurroundings(): Promise<void> {
  await removeNamespaces(NAMESPACES);
  await lab('sealed-secrets', ['down']);
  await lab('postgres', ['down']);
}

/** SQL as the superuser, from the machine beside the node. */
export const sql = (database: string, statement: string) =>
  outside(
    ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', '192.168.1.100', '-U', 'postgres', '-d', database],
    {
      input: `${statement};\n`,
      env: { PGPASSWORD: CREDENTIALS.databasePassword },
    },
  );

/** Recreates both databases, empty. Servers must be stopped. */
export async function emptyDatabases(): Promise<void> {
  for (const name of ['mlflow', 'mlflow_auth']) {
    await sql('postgres', `drop database if exists ${name} with (force)`);
    await sql('postgres', `create database ${name} owner mlflow_user`);
  }
}

/** The Ansible role does not create its bucket, so neither does its environment. */
async function createBucket(): Promise<void> {
  const code = [
    'import boto3, os',
    "s3 = boto3.client('s3', endpoint_url='http://minio.minio.svc.cluster.local:9000')",
    "s3.create_bucket(Bucket='mlflow-artifacts')",
  ].join('\n');
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'make-bucket', namespace: 'minio' },
    spec: {
      restartPolicy: 'OnFailure',
      containers: [
        {
          name: 'boto3',
          image: IMAGE['3.1.0'],
          command: ['python', '-c', code],
          env: [
            { name: 'AWS_DEFAULT_REGION', value: 'us-east-1' },
            { name: 'AWS_ACCESS_KEY_ID', valueFrom: { secretKeyRef: { name: 'minio-root', key: 'accessKey' } } },
            { name: 'AWS_SECRET_ACCESS_KEY', valueFrom: { secretKeyRef: { name: 'minio-root', key: 'secretKey' } } },
          ],
        },
      ],
    },
  };
  await applyObjects([pod]);
  await kubectl([
    '-n',
    'minio',
    'wait',
    '--for=jsonpath={.status.phase}=Succeeded',
    'pod/make-bucket',
    '--timeout=120s',
  ]);
  await kubectl(['-n', 'minio', 'delete', 'pod', 'make-bucket', '--wait=false']);
}

/** Starts the Sealed Secrets controller with the key of the example, so that it opens what homelab has sealed. */
export const startController = () => lab('sealed-secrets', ['up', '--key', EXAMPLE_KEY, '--cert', EXAMPLE_CERTIFICATE]);

/** Values to re-seal: Secret, key, value. */
export type Resealed = readonly (readonly [secret: string, key: string, value: string])[];

/** The administrator's password, to be re-sealed. */
export const adminPassword = (value: string): Resealed => [['mlflow-basic-auth', 'MLFLOW_TRACKING_PASSWORD', value]];

/**
 * Synthesizes an environment that builds on a committed one and changes only what is given, into a folder of its own.
 *
 * @param changed values that are re-sealed, if the environment has any
 * @param more further files beside it, by name, with what they are copies of
 * @returns the folder to apply
 */
export async function synthesizeVariant(
  name: string,
  yaml: string,
  of = 'homelab',
  changed: Resealed = [],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const beside = of === 'homelab' ? ['sealed-secrets.yaml', 'sealing-certificate.pem'] : [];
  const files = Object.fromEntries(beside.map((file) => [file, join(HOMELAB, file)]));
  const base = join(ROOT, 'environments', of, 'environment.yaml');
  return synthesizeText(name, `extends: base.yaml\n${yaml}`, { ...files, ...more, 'base.yaml': base }, changed);
}

/**
 * Synthesizes an environment file given as text, into a folder of its own.
 *
 * @param files files beside it, by name, with what they are copies of
 * @param changed values that are re-sealed
 * @returns the folder to apply
 */
export async function synthesizeText(
  name: string,
  yaml: string,
  files: Readonly<Record<string, string>> = {},
  changed: Resealed = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-e2e-'));
  folders.push(folder);
  const own = join(folder, 'environments', name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'environment.yaml'), yaml);
  for (const [file, source] of Object.entries(files)) {
    mkdirSync(dirname(join(own, file)), { recursive: true });
    copyFileSync(source, join(own, file));
  }
  const where = ['--environments', join(folder, 'environments')];
  const command = (given: readonly string[], env = {}) =>
    run(process.execPath, ['--import', 'tsx', 'main.ts', ...given, ...where], { env });
  for (const [secret, key, value] of changed)
    await command(['seal', name, secret, key, '--from-env', 'SEALED_VALUE'], { SEALED_VALUE: value });
  await command(['synth', '--out', join(folder, 'dist')]);
  return join(folder, 'dist', name);
}

const folders: string[] = [];

/** Removes the folders of variants. */
export function removeVariants(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Applies a folder of manifests in one go. */
export const apply = (folder: string) => kubectl(['apply', '-R', '-f', folder]);
