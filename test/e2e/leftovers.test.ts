import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { applyObjects, defineKinds, kubectl, LAB, namespace, tryKubectl, until } from './lab';
import { neighbours, removeLeftovers } from './leftovers';

const NAMESPACE = 'of-a-killed-run';
let neighbour: ChildProcess | undefined;

// The next file finds the lab as it was brought up.
afterAll(async () => {
  neighbour?.kill();
  await defineKinds();
});

it('leaves nothing of a run that was killed, not even what waits for an operator that left', async () => {
  neighbour = spawn(join(LAB, 'cluster', 'exec'), ['--ext', 'sleep', '600'], { stdio: 'ignore' });
  await until('a process runs beside the node', 10, async () => (await neighbours()).length > 0);
  await applyObjects([namespace(NAMESPACE)]);
  await applyObjects([
    {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'waiting', namespace: NAMESPACE, finalizers: ['external-secrets.io/of-an-operator-that-left'] },
      spec: { secretStoreRef: { name: 'left', kind: 'ClusterSecretStore' }, target: { name: 'waiting' } },
    },
  ]);

  await removeLeftovers();

  expect(await neighbours()).toEqual([]);
  expect(await tryKubectl(['get', 'namespace', NAMESPACE])).toMatchObject({ code: 1 });
  expect(await kubectl(['get', 'customresourcedefinitions', '-o', 'name'])).toBe('');
});
