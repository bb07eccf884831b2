import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from '../../lib/environment/load';
import { quantityValue } from '../../lib/kubernetes/quantity';
import { composeEnvironment } from '../../lib/synth/compose';
import { all, container, one, PROGRAMS, playing, podsOf, ROOT } from '../support/support';

/** What the quickstart promises: a complete MLflow on a laptop's cluster that has nothing but a default storage class. */

const FILE = join(ROOT, 'environments', 'quickstart', 'environment.yaml');
const loaded = loadEnvironment(FILE);
const { environment, warnings } = loaded;
const { files, issues: violated } = environment ? composeEnvironment(environment, PROGRAMS) : { files: [], issues: [] };
const objects = files.flatMap((file) => file.objects);
const pods = podsOf(objects);

test('is right, and there is nothing to warn of', () => {
  expect([...loaded.issues, ...violated, ...warnings]).toEqual([]);
  expect(pods.length).toBeGreaterThan(3);
});

test('is short enough to be read at a glance', () => {
  const lines = readFileSync(FILE, 'utf8').split('\n');
  expect(lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('#')).length).toBeLessThanOrEqual(20);
  expect(lines.length).toBeLessThanOrEqual(30);
});

test('asks for less than 1 CPU and 2 GiB of memory, all pods that ever run at once taken together', () => {
  const asked = (name: string) => {
    const { replicas = 1, strategy } = one(objects, 'Deployment').spec ?? {};
    expect(replicas).toBe(1);
    // A rolling update would have a second server beside the first, for which there must be room too.
    const servers = strategy?.type === 'Recreate' ? replicas : replicas + 1;
    for (const { spec } of all(objects, 'StatefulSet')) expect(spec?.replicas).toBe(1);
    return pods.reduce((sum, { owner, spec }) => {
      const amounts = (list: typeof spec.containers = []) =>
        list.map(({ resources }) => quantityValue(String(resources?.requests?.[name])));
      // As the scheduler counts: what prepares runs before what serves.
      const serving = amounts(spec.containers).reduce((total, amount) => total + amount, 0);
      const pod = Math.max(serving, ...amounts(spec.initContainers));
      return sum + pod * (owner.kind === 'Deployment' ? servers : 1);
    }, 0);
  };
  expect(asked('cpu')).toBeGreaterThan(0);
  expect(asked('cpu')).toBeLessThan(1);
  expect(asked('memory')).toBeGreaterThan(2 ** 28);
  expect(asked('memory')).toBeLessThan(2 * 2 ** 30);
});

test('names every image with its registry and a tag, so that every container runtime finds the same', () => {
  for (const { image } of pods.flatMap(({ containers }) => containers)) {
    // Without a registry that is one to the eye (with a dot), it is up to the node whose image it is.
    expect(image).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+\/[^:@]+:[^:@]+(@sha256:[0-9a-f]{64})?$/);
    expect(image).not.toMatch(/:latest/);
  }
});

test('has the newest PostgreSQL that was tested, on Debian', () => {
  expect(container(objects, 'postgresql').image).toBe('docker.io/library/postgres:17.11-trixie');
});

test('needs nothing that is not in it: no external Secret, host or storage class', () => {
  const made = podsOf(playing(objects, 'secret-generator')).flatMap(({ containers }) =>
    containers.flatMap(({ command = [] }) => command[3] ?? []),
  );
  const needed = pods.flatMap(({ spec, containers }) => [
    ...(spec.imagePullSecrets ?? []).map(({ name }) => name),
    ...containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? [])),
  ]);
  expect(new Set(needed)).toEqual(new Set(made));
  for (const { spec } of all(objects, 'PersistentVolumeClaim')) expect(spec?.storageClassName).toBeUndefined();
  const services = all(objects, 'Service').map(({ metadata }) => metadata?.name);
  const { env = [] } = container(objects, 'server');
  const value = (wanted: string) => env.find(({ name }) => name === wanted)?.value ?? '';
  expect(services).toContain(value('PGHOST'));
  expect(services).toContain(new URL(value('MLFLOW_S3_ENDPOINT_URL')).hostname);
});
