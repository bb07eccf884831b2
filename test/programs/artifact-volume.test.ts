import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { mustRun, runJob } from './backups';
import { Lab } from './lab';
import { smokeTest } from './maintenance-jobs';
import { filesIn } from './object-store';
import { administrator } from './pod-variables';
import { identifier } from './postgres';
import { run, Service, waitFor } from './process';
import { labEnvironment, prepareRendered, RenderedServer } from './rendered-server';
import { marked } from './said';
import { newestOnly, python, virtualEnvironment } from './tools';

/** Artifacts as files on a volume, with every part of an instance that touches them. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const environmentOf = (version: string, name: string, more: EnvironmentInput = {}) =>
  labEnvironment(lab, version, name, { artifacts: { s3: undefined, volume: { prefix: name } }, ...more });

const clientOf = (server: RenderedServer) => ({
  PATH: `${virtualEnvironment(server.environment.release.version)}:${process.env.PATH}`,
  HOME: lab.folder,
  MLFLOW_TRACKING_URI: server.url,
  MLFLOW_TRACKING_USERNAME: administrator[0],
  MLFLOW_TRACKING_PASSWORD: administrator[1],
});

async function experiment(server: RenderedServer): Promise<string> {
  const json = { name: `experiment-${Math.random()}` };
  const created = await server.must<{ experiment_id: string }>('/api/2.0/mlflow/experiments/create', { json });
  return created.experiment_id;
}

async function contents(server: RenderedServer, mode: 'fill' | 'read'): Promise<unknown> {
  const program = join(__dirname, '..', 'e2e', 'programs', 'contents.py');
  return JSON.parse(marked(await run([python(server.environment.release.version), program, mode], clientOf(server))));
}

async function dropDatabases({ database }: ResolvedEnvironment): Promise<void> {
  for (const name of [database.name, database.authName])
    await lab.postgres.sql('postgres', `DROP DATABASE ${identifier(name)} WITH (FORCE)`);
}

describe.each(newestOnly)('MLflow %s', (version) => {
  const plain = version.replaceAll('.', '-');

  test('keeps what clients send, under any name, where only the server and backups look', async () => {
    const name = `names-${plain}`;
    const server = await RenderedServer.start(lab, environmentOf(version, name));
    const root = join(lab.volume, name);
    const top = await experiment(server);
    const names = [
      ...['a b', 'ü/ß é.txt', "it's 'quoted'", 'semi;colon&and=+', 'x'.repeat(250), '.hidden', '$(HOME)'],
      // MLflow 3.1 writes the name into a header of the download, whatever the store.
      ...(version === '3.1.0' ? [] : ['日本/語']),
    ];
    const path = (file: string) =>
      `/api/2.0/mlflow-artifacts/artifacts/${top}/${file.split('/').map(encodeURIComponent).join('/')}`;
    for (const file of names) {
      const body = `content of ${file}`;
      expect(await server.ask(path(file), { method: 'PUT', body })).toMatchObject({ status: 200 });
      expect(await server.ask(path(file))).toMatchObject({ status: 200, text: body });
    }
    expect(Object.keys(filesIn(root)).sort()).toEqual(names.map((file) => `${top}/${file}`).sort());
    for (const file of names.slice(1)) await server.must(path(file), { method: 'DELETE' });
    expect(Object.keys(filesIn(root))).toEqual([`${top}/a b`]);
    // What was replaced is the new one, whole.
    await server.ask(path('a b'), { method: 'PUT', body: 'new' });
    expect(await server.ask(path('a b'))).toMatchObject({ text: 'new' });
    expect(readdirSync(`${root}.uploading`)).toEqual([]);
    for (const outside of ['..%2Fx', '%2Fetc%2Fx', '..%252Fx']) {
      const { status } = await server.ask(`/api/2.0/mlflow-artifacts/artifacts/${outside}`, {
        method: 'PUT',
        body: 'x',
      });
      // MLflow 3.1 leads to the same path without the second slash.
      expect(status).toBeGreaterThan(300);
    }
    expect(await smokeTest(lab, server)).toMatchObject({ code: 0 });
    await server.service.stop();
  });

  test('loses nothing that it acknowledged when it is killed, and no part of a file has the name of the whole', async () => {
    const name = `killed-${plain}`;
    const environment = environmentOf(version, name);
    const root = join(lab.volume, name);
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 3; round += 1) {
      const server = await RenderedServer.start(lab, environment);
      const top = await experiment(server);
      const program = join(__dirname, 'programs', 'uploads.py');
      const client = lab.keep(new Service([python(version), program, top], clientOf(server)));
      await sleep(2000 + 700 * round);
      await server.service.stop('SIGKILL');
      await client.end();
      for (const [, file, sha256] of client.output.matchAll(/^(\S+) ([0-9a-f]{64})$/gm))
        acknowledged.set(`${top}/${file}`, sha256 ?? '');
    }
    expect(acknowledged.size).toBeGreaterThan(50);
    const files = filesIn(root);
    expect(Object.fromEntries([...acknowledged.keys()].map((file) => [file, files[file]]))).toEqual(
      Object.fromEntries(acknowledged),
    );
    // One that was whole when its answer was cut off is allowed, and has a size that was sent.
    for (const file of Object.keys(files).filter((each) => !acknowledged.has(each))) {
      const number = Number(file.split('/')[2]);
      expect(statSync(join(root, file)).size).toBe(2 ** (10 + (number % 15)));
    }
    // What was cut off is outside, and goes when it is old.
    writeFileSync(join(`${root}.uploading`, 'cut off'), 'a part');
    utimesSync(join(`${root}.uploading`, 'cut off'), 0, 0);
    const server = await RenderedServer.start(lab, environment);
    expect(readdirSync(`${root}.uploading`)).not.toContain('cut off');
    await server.service.stop();
  });

  test('gives a large file its name only when it is whole', async () => {
    const name = `large-${plain}`;
    const server = await RenderedServer.start(lab, environmentOf(version, name));
    const top = await experiment(server);
    const path = join(lab.volume, name, top, 'large.bin');
    const body = 'x'.repeat(400 * 2 ** 20);
    const sent = server.ask(`/api/2.0/mlflow-artifacts/artifacts/${top}/large.bin`, { method: 'PUT', body });
    await waitFor('the name', () => existsSync(path), 120_000, 1);
    await server.service.stop('SIGKILL');
    await sent;
    expect(statSync(path).size).toBe(body.length);
  });
});

test.each(newestOnly)(
  'MLflow %s finds everything again after a loss, to the byte, and the next backup copies nothing',
  async (version) => {
    const name = `trip-${version.replaceAll('.', '-')}`;
    const environment = environmentOf(version, name, { backup: { destination: { claim: {} }, artifacts: true } });
    const folder = lab.path('claim');
    const root = join(lab.volume, name);
    const first = await RenderedServer.start(lab, environment);
    const before = await contents(first, 'fill');
    await mustRun(lab, environment, 'backup', folder);
    await first.service.stop();
    const files = filesIn(root);
    expect(Object.keys(files).length).toBeGreaterThan(10);
    await dropDatabases(environment);
    rmSync(lab.volume, { recursive: true });
    mkdirSync(lab.volume);
    expect(await mustRun(lab, environment, 'restore', folder)).toContain(`artifacts: ${Object.keys(files).length} of `);
    expect(filesIn(root)).toEqual(files);
    const second = await RenderedServer.start(lab, environment);
    expect(await contents(second, 'read')).toEqual(before);
    expect(await mustRun(lab, environment, 'backup', folder)).toContain('artifacts: 0 of ');
    await second.service.stop();
    // A file of the volume that differs is not replaced unless a person says so.
    const [changed = ''] = Object.keys(files);
    writeFileSync(join(root, changed), 'changed');
    const refused = await runJob(lab, environment, 'restore', folder, { changes: { OVERWRITE: 'false' } });
    expect(refused).toMatchObject({ code: 62 });
    await mustRun(lab, environment, 'restore', folder, { changes: { OVERWRITE: 'true' } });
    expect(filesIn(root)).toEqual(files);
  },
);

test('prepare says what is wrong with a volume', async () => {
  const environment = environmentOf('3.18.0', 'refused');
  mkdirSync(lab.volume, { recursive: true });
  writeFileSync(join(lab.volume, 'refused'), 'no folder');
  const { code, stderr } = await prepareRendered(lab, environment);
  expect({ code, stderr }).toMatchObject({
    code: 35,
    stderr: expect.stringMatching(/prepare failed \(volume-unwritable, exit 35\): \S+\/refused: .*artifacts\.volume/),
  });
  rmSync(join(lab.volume, 'refused'));
  const good = await prepareRendered(lab, environment);
  expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/refused is writable, and has \d+ MiB left/) });
  expect(existsSync(join(lab.volume, 'refused'))).toBe(true);
});
