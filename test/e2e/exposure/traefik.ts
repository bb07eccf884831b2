import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tlsSecret } from '../certificates';
import { loadImage } from '../images';
import { applyObjects, IMAGES, kubectl, LAB, namespace, removeNamespaces, run, tryKubectl } from '../lab';

/** Where Traefik is reached from outside of the cluster, see traefik.yaml. */
export const TRAEFIK = '192.168.1.206';

/** The Gateway that routes refer to. */
export const GATEWAY = { name: 'shared', namespace: 'traefik' };

/** Where the controller runs, with the labels of its pods. */
export const CONTROLLER = { namespace: 'traefik', labels: { 'app.kubernetes.io/name': 'traefik' } };

const IMAGE = 'docker.io/library/traefik:v3.7.13';

const KINDS = [
  ...['gatewayclass', 'gateway', 'httproute', 'referencegrant', 'backendtlspolicy'].map((name) =>
    join(LAB, 'crds', `${name}.yaml`),
  ),
  join(__dirname, 'gateway-kinds.yaml'),
].flatMap((file) => ['-f', file]);

const OBJECTS = ['-f', join(__dirname, 'traefik.yaml')];

/**
 * Starts Traefik as the cluster's Ingress and Gateway controller.
 *
 * @param certificates folder with `server.crt` and `server.key` of the Gateway's listener
 */
export async function startTraefik(certificates: string): Promise<void> {
  const archive = join(IMAGES, 'traefik.tar');
  if (!existsSync(archive)) await run(join(__dirname, 'build-image'), ['traefik', IMAGE, archive]);
  await loadImage(IMAGE, 'traefik.tar');
  await kubectl(['apply', '--server-side', ...KINDS]);
  await kubectl(['wait', '--for=condition=Established', ...KINDS, '--timeout=60s']);
  await applyObjects([namespace('traefik'), tlsSecret('traefik', 'gateway-tls', certificates)]);
  await kubectl(['apply', ...OBJECTS]);
  await kubectl(['-n', 'traefik', 'rollout', 'status', 'deployment/traefik', '--timeout=120s']);
}

/** Removes it with the kinds that it needs. */
export async function removeTraefik(): Promise<void> {
  await removeNamespaces(['traefik']);
  await tryKubectl(['delete', '--ignore-not-found', ...OBJECTS]);
  await tryKubectl(['delete', '--ignore-not-found', ...KINDS]);
}

/** What Traefik logged, access lines included. */
export const traefikLog = () => kubectl(['-n', 'traefik', 'logs', 'deployment/traefik', '--tail=200']);
