import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatReference } from '../../lib/kubernetes/image-reference';
import { MLFLOW_IMAGE, OAUTH2_PROXY_IMAGE, POSTGRESQL_IMAGE, VERSITYGW_IMAGE } from '../../lib/versions';
import { IMAGE, IMAGES, kubectl, LAB, ROOT, run } from './lab';

/**
 * The images that the tests need, by the names in the manifests, and the archives that stand for them: the lab has no
 * registry. Those of MLflow are builds of the same releases, PostgreSQL is release 15 of Debian under the contract of the
 * official image, versitygw is built from the source of its release.
 */
const ARCHIVES: readonly (readonly [name: string, archive: string])[] = [
  [IMAGE['3.1.0'], 'mlflow-3.1.0.tar'],
  [IMAGE['3.18.0'], 'mlflow-3.18.0.tar'],
  [formatReference(MLFLOW_IMAGE), 'mlflow-3.18.0.tar'],
  [formatReference(POSTGRESQL_IMAGE), 'postgres.tar'],
  [formatReference(VERSITYGW_IMAGE), 'versitygw.tar'],
];

/** Puts on the node what is not there yet. */
export async function loadImages(): Promise<void> {
  for (const [name, archive] of ARCHIVES) await loadImage(name, archive);
}

/** Puts an archive on the node under a name, unless that is there already. */
export async function loadImage(name: string, archive: string): Promise<void> {
  const present = await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].status.images[*].names[*]}']);
  // The shell opens the archive: a gigabyte must not pass through this process.
  const load = ['-c', 'exec "$0" "$1" <"$2"', join(LAB, 'cluster', 'load-image'), name, join(IMAGES, archive)];
  if (!present.split(' ').includes(name)) await run('sh', load, { seconds: 300 });
}

/**
 * Puts an image of another release on the node: built by the lab from the packages of the program tests, unless its archive
 * is there. It takes some minutes.
 */
export async function loadRelease(name: string, release: string): Promise<void> {
  const archive = `mlflow-${release}.tar`;
  if (!existsSync(join(IMAGES, archive))) await buildRelease(release);
  await loadImage(name, archive);
}

async function buildRelease(release: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-image-'));
  try {
    cpSync(join(LAB, 'images'), folder, { recursive: true });
    const packages = join(ROOT, 'test', 'programs', 'requirements', `${release}.txt`);
    copyFileSync(packages, join(folder, 'mlflow', `requirements-${release}.txt`));
    await run(join(folder, 'build-mlflow'), [release], { seconds: 900 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Puts the proxy of single sign-on on the node under a name, compiled by the lab from the source of its release. Always under
 * that of its release, too: an image cannot be built under a name with another's digest, and one that only has such a name is
 * not found when a container is made of it.
 */
export async function loadProxy(name: string): Promise<void> {
  const released = formatReference(OAUTH2_PROXY_IMAGE);
  const archive = join(IMAGES, 'oauth2-proxy.tar');
  if (!existsSync(archive)) {
    await run(join(LAB, 'tools', 'controllers', 'build'), ['oauth2-proxy'], { seconds: 600 });
    await run(join(__dirname, 'exposure', 'build-image'), ['oauth2-proxy', released, archive]);
  }
  for (const each of [released, name]) await loadImage(each, 'oauth2-proxy.tar');
}
