import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applyObjects, IMAGES, kubectl, run } from './lab';

/** A claim that can really be full: the lab's own are folders of a disk. */
export const LIMITED = join(IMAGES, '..', 'limited-claim');

/** Mounts its folder and creates its volume. */
export async function makeLimitedClaim(): Promise<void> {
  await removeLimitedClaim();
  mkdirSync(LIMITED, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', LIMITED]);
  const expressions = [{ key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }];
  await applyObjects([
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'mlflow-test-limited' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        capacity: { storage: '64Mi' },
        local: { path: LIMITED },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: expressions }] } },
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: 'mlflow-test-limited',
      },
    },
  ]);
}

/** Removes both. */
export async function removeLimitedClaim(): Promise<void> {
  await kubectl(['delete', 'persistentvolume', 'mlflow-test-limited', '--ignore-not-found']);
  await run('sh', ['-c', 'while mountpoint -q "$0"; do umount "$0"; done', LIMITED]);
  rmSync(LIMITED, { recursive: true, force: true });
}
