import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadImage } from '../images';
import { applyObjects, IMAGES, kubectl, namespace, removeNamespaces, run, tryKubectl } from '../lab';

const NAMESPACE = 'external-secrets';
const IMAGE = 'docker.io/library/external-secrets:v0.20.4';
const LAB_HOME = join(IMAGES, '..');
const DEFINITIONS = join(LAB_HOME, 'external-secrets');
const OBJECTS = ['-f', join(__dirname, 'operator.yaml')];

/** Starts the External Secrets operator, compiled from the source of its release, with its own kinds. */
export async function startOperator(): Promise<void> {
  const archive = join(IMAGES, 'external-secrets.tar');
  if (!existsSync(join(LAB_HOME, 'bin', 'external-secrets')))
    await run(join(__dirname, 'build-operator'), [], { seconds: 1200 });
  if (!existsSync(archive)) {
    await run(join(__dirname, '..', 'exposure', 'build-image'), ['external-secrets', IMAGE, archive]);
  }
  await loadImage(IMAGE, 'external-secrets.tar');
  // In place of those of a newer release, which the lab knows for objects alone.
  await kubectl(['apply', '--server-side', '--force-conflicts', ...kinds()]);
  await kubectl(['wait', '--for=condition=Established', ...kinds(), '--timeout=60s']);
  await applyObjects([namespace(NAMESPACE)]);
  await kubectl(['apply', ...OBJECTS]);
  await kubectl(['-n', NAMESPACE, 'rollout', 'status', 'deployment/external-secrets', '--timeout=120s']);
}

const kinds = () => readdirSync(DEFINITIONS).flatMap((file) => ['-f', join(DEFINITIONS, file)]);

/** Removes it with its kinds, and so all objects of them. */
export async function removeOperator(): Promise<void> {
  await tryKubectl(['delete', '--ignore-not-found', 'clustersecretstores', '--all']);
  await removeNamespaces([NAMESPACE]);
  await tryKubectl(['delete', '--ignore-not-found', ...OBJECTS]);
  if (existsSync(DEFINITIONS)) await tryKubectl(['delete', '--ignore-not-found', ...kinds()]);
}

/** Secrets of a vault: properties by the name of each. */
export type Vault = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Fills the store `vault` of the whole cluster. Objects hold the values, which only a test may do. */
export const fillVault = (vault: Vault) =>
  applyObjects([
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ClusterSecretStore',
      metadata: { name: 'vault' },
      spec: {
        provider: {
          fake: { data: Object.entries(vault).map(([key, value]) => ({ key, value: JSON.stringify(value) })) },
        },
      },
    },
  ]);

/** Has the operator read its store at once, as its documentation says. */
export const refresh = (where: string, name: string) =>
  kubectl(['-n', where, 'annotate', 'externalsecret', name, `force-sync=${Date.now()}`, '--overwrite']);
