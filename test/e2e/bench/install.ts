import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDatabases, sql, startSurroundings } from '../homelab';
import { loadImage } from '../images';
import {
  applyObjects,
  CREDENTIALS,
  explain,
  IMAGES,
  kubectl,
  namespace,
  removeNamespaces,
  rolledOut,
  run,
  secret,
  tryKubectl,
} from '../lab';
import type { Side } from './sides';

/** The login of both sides. The chart edits its configuration with sed, so these are plain: no special character survives it. */
const PLAIN = { admin: 'admin', adminPassword: 'plain-lab-password', databasePassword: 'plain-database-password' };

/** What a client needs in its environment to log in. */
export const LOGIN = { MLFLOW_TRACKING_USERNAME: PLAIN.admin, MLFLOW_TRACKING_PASSWORD: PLAIN.adminPassword };

const BUSYBOX = 'docker.io/library/busybox:1.38.0';

/** Starts PostgreSQL and S3, and loads the image of the chart's init containers. */
export async function startBench(): Promise<void> {
  await startSurroundings();
  await sql('postgres', `alter role mlflow_user password '${PLAIN.databasePassword}'`);
  const archive = join(IMAGES, 'busybox.tar');
  if (!existsSync(archive)) await run(join(__dirname, '..', 'peers', 'busybox', 'build'), [BUSYBOX, archive]);
  await loadImage(BUSYBOX, 'busybox.tar');
}

/** Removes the server and its data, and creates the namespace with the Secrets that both sides use. */
export async function clean(): Promise<void> {
  // A gunicorn that is process 1 ignores SIGTERM for its whole grace period.
  await tryKubectl(['-n', 'mlflow', 'delete', 'pods', '--all', '--grace-period=1', '--wait=false']);
  await removeNamespaces(['mlflow']);
  await emptyDatabases();
  await applyObjects([namespace('mlflow')]);
  await applyObjects([
    secret('mlflow', 'mlflow-db-credentials', {
      username: CREDENTIALS.databaseUser,
      password: PLAIN.databasePassword,
    }),
    secret('mlflow', 'mlflow-s3-secret', {
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKey,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretKey,
    }),
    secret('mlflow', 'mlflow-basic-auth', {
      ...LOGIN,
      MLFLOW_FLASK_SERVER_SECRET_KEY: CREDENTIALS.flaskKey,
    }),
  ]);
}

/** Applies a side, and gives the seconds until its pod is ready. */
export async function applyUntilReady(side: Side): Promise<number> {
  return timed(async () => {
    await kubectl(['-n', 'mlflow', 'apply', '-R', '-f', side.manifests]);
    await rolledOut(600);
  });
}

/** Starts and stops replicas, and gives the seconds until they are ready. */
export async function scaleTo(replicas: number): Promise<number> {
  return timed(async () => {
    await kubectl(['-n', 'mlflow', 'scale', 'deployment/mlflow', `--replicas=${replicas}`]);
    if (replicas > 0) return rolledOut(600);
    const { code } = await tryKubectl(['-n', 'mlflow', 'wait', '--for=delete', 'pod', '-l', SERVER, '--timeout=120s']);
    if (code !== 0) throw new Error(`pods are not deleted after 120 s\n${await explain('mlflow')}`);
  });
}

/** Selects the server's pods of either side. */
export const SERVER = 'app.kubernetes.io/name=mlflow,app.kubernetes.io/instance=mlflow';

/** The seconds that something takes. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await action();
  return (performance.now() - began) / 1000;
}
