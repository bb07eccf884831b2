import { writeFileSync } from 'node:fs';
import { Lab } from './lab';
import { administrator } from './pod-variables';
import { waitFor } from './process';
import { labEnvironment, RenderedServer } from './rendered-server';
import { releases } from './tools';
import { memoryOf } from './workers';

/** That both server programs give back what their workers freed, as rendered. */

const MIB = 1024 * 1024;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

test.each(releases)('a worker of MLflow %s gives 48 MiB back that it freed', async (version) => {
  const file = lab.path('hoard');
  const environment = labEnvironment(lab, version, `freed-memory-${version}`, {});
  const server = await RenderedServer.start(lab, environment, ['tests.hoarding_server', file]);
  for (let count = 0; count < 20; count += 1) expect(await server.search(administrator)).toBe(200);
  const before = memoryOf(server);
  writeFileSync(file, '');
  const kept = /^(\d+) MiB kept$/m;
  await waitFor('the worker to free memory', () => kept.test(server.service.output));
  expect(Number(kept.exec(server.service.output)?.[1])).toBeGreaterThan(48);
  await waitFor('it to be given back', () => memoryOf(server) < before + 16 * MIB);
});
