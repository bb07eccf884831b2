import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { emptyBucket, mustRun } from './backups';
import { Lab } from './lab';
import { administrator, loginOf } from './pod-variables';
import { identifier } from './postgres';
import { run } from './process';
import { labEnvironment, RenderedServer } from './rendered-server';
import { marked } from './said';
import { newestOnly, python, virtualEnvironment } from './tools';

/** From a filled server to a lost one and back, to each kind of place. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const users = ['reader', 'writer'] as const;

const environmentOf = (version: string, name: string, destination: 'claim' | 's3', more: EnvironmentInput = {}) =>
  labEnvironment(lab, version, name, {
    auth: {
      defaultPermission: 'NO_PERMISSIONS',
      users: [
        { name: 'reader', permission: 'READ' },
        { name: 'writer', permission: 'EDIT' },
      ],
    },
    backup: {
      destination:
        destination === 'claim'
          ? { claim: {} }
          : { s3: { bucket: 'copies', endpoint: lab.store.url, addressingStyle: 'path' }, prefix: `${name}/copies` },
      artifacts: true,
      verification: {},
    },
    ...more,
  });

/** Everything that the server holds, by the client of its release; `fill` puts something of every kind there first. */
async function contents(server: RenderedServer, mode: 'fill' | 'read'): Promise<unknown> {
  const { version } = server.environment.release;
  const program = join(__dirname, '..', 'e2e', 'programs', 'contents.py');
  const logins = users.map((user) => loginOf(user).join('='));
  const result = await run([python(version), program, mode, ...logins], {
    PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
    HOME: lab.folder,
    MLFLOW_TRACKING_URI: server.url,
    MLFLOW_TRACKING_USERNAME: administrator[0],
    MLFLOW_TRACKING_PASSWORD: administrator[1],
  });
  return JSON.parse(marked(result));
}

async function dropDatabases({ database }: ResolvedEnvironment): Promise<void> {
  for (const name of [database.name, database.authName]) {
    await lab.postgres.sql('postgres', `DROP DATABASE ${identifier(name)} WITH (FORCE)`);
  }
}

/** Everything in both databases as text, but for checks of columns, which PostgreSQL writes otherwise when it reads them back. */
const dumps = async ({ database }: ResolvedEnvironment) => {
  const text = [await lab.postgres.dump(database.name), await lab.postgres.dump(database.authName)];
  return text.map((each) => each.replace(/CHECK .*/g, ''));
};

test.each(newestOnly)('MLflow %s finds everything again, from a claim and from a bucket', async (version) => {
  const name = `trip-${version.replaceAll('.', '-')}`;
  const [claim, bucket] = [environmentOf(version, name, 'claim'), environmentOf(version, name, 's3')];
  const folder = lab.path('claim');
  await emptyBucket(lab, 'copies');
  const first = await RenderedServer.start(lab, claim);
  const before = await contents(first, 'fill');
  // A backup asks nobody to stop.
  await mustRun(lab, claim, 'backup', folder);
  await mustRun(lab, bucket, 'backup', folder);
  // Both can be restored, and have the files that the rows name.
  for (const each of [claim, bucket]) {
    const verified = await mustRun(lab, each, 'verification', folder);
    expect(verified).toContain('artifacts: 18 exist with their sizes; 18 of them');
    const [, found, named] = /artifacts: (\d+) of the (\d+) newest runs and models/.exec(verified) ?? [];
    expect(Number(found)).toBeGreaterThan(0);
    expect(found).toBe(named);
  }
  await first.service.stop();
  const [text, objects] = [await dumps(claim), lab.store.objects(name)];
  expect(Object.keys(objects)).toHaveLength(18);
  expect(JSON.stringify(before)).toContain('large.bin');

  await dropDatabases(claim);
  await emptyBucket(lab, name);
  const said = await mustRun(lab, claim, 'restore', folder);
  expect(said).toContain('artifacts: 18 of 18 objects put into');
  expect(said).toMatch(/done: \S+ is restored/);
  expect([await dumps(claim), lab.store.objects(name)]).toEqual([text, objects]);
  const second = await RenderedServer.start(lab, claim);
  expect(await contents(second, 'read')).toEqual(before);
  await second.service.stop();

  await dropDatabases(bucket);
  await emptyBucket(lab, name);
  await mustRun(lab, bucket, 'restore', folder);
  expect([await dumps(bucket), lab.store.objects(name)]).toEqual([text, objects]);
  // Again: everything exists, nothing is uploaded again, and only an explicit request replaces it.
  const again = await mustRun(lab, bucket, 'restore', folder, { changes: { OVERWRITE: 'true' } });
  expect(again).toContain('artifacts: 0 of 18 objects put into');
  expect([await dumps(bucket), lab.store.objects(name)]).toEqual([text, objects]);
});
