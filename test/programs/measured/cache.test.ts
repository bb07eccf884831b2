import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../lab';
import { administrator } from '../pod-variables';
import { waitFor } from '../process';
import { labEnvironment, RenderedServer } from '../rendered-server';
import { releases } from '../tools';

/** How logins are cached, release by release, as rendered. */

/** Long enough that a busy machine asks again within it. */
const cacheSeconds = 10;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const start = (version: string, name: string, seconds: number): Promise<RenderedServer> =>
  RenderedServer.start(lab, labEnvironment(lab, version, name, { auth: { cacheSeconds: seconds } }));

/** Makes a user with this name. */
async function user(server: RenderedServer, username: string): Promise<readonly [string, string]> {
  const password = `${username}: p@ss%word`;
  await server.must('/api/2.0/mlflow/users/create', { json: { username, password } });
  return [username, password];
}

/** Answers a second to four clients that search, one after another each. */
async function rate(server: RenderedServer): Promise<number> {
  const seconds = 4;
  const end = Date.now() + seconds * 1000;
  const counts = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      let count = 0;
      for (; Date.now() < end; count += 1) expect(await server.search(administrator)).toBe(200);
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
}

describe.each(releases)('MLflow %s', (version) => {
  const name = `cache-${version}`;
  let on: RenderedServer;
  let off: RenderedServer;

  beforeAll(async () => {
    on = await start(version, name, cacheSeconds);
    off = await start(version, name, 0);
  });

  afterAll(async () => {
    await Promise.all([on?.service.stop(), off?.service.stop()]);
  });

  test('remembers a right password for the time set and no longer, even if changed or deleted; a wrong one never', async () => {
    const [reader, changed, deleted] = [await user(on, 'reader'), await user(on, 'changed'), await user(on, 'deleted')];
    expect(await on.search([reader[0], 'a wrong one before'])).toBe(401);
    const password = 'another p@ss%word';
    const json = { username: changed[0], password };
    const began = Date.now();
    expect([await on.search(changed), await on.search(deleted), await on.search(reader)]).toEqual([200, 200, 200]);
    await lab.spoilLogin(`${name}-auth`, reader[0]);
    expect(await on.search(reader)).toBe(200);
    await on.must('/api/2.0/mlflow/users/update-password', { method: 'PATCH', json });
    await on.must('/api/2.0/mlflow/users/delete', { method: 'DELETE', json: { username: deleted[0] } });
    expect(await on.search([reader[0], 'a wrong one after'])).toBe(401);
    expect(await on.search([changed[0], password])).toBe(200);
    await waitFor('the end of the remembered logins', async () => {
      const old = [await on.search(reader), await on.search(changed), await on.search(deleted)];
      return old.every((status) => status !== 200);
    });
    expect(Date.now() - began).toBeLessThan((cacheSeconds + 5) * 1000);
    expect(await on.search([changed[0], password])).toBe(200);
  });

  test('remembers nothing with 0 seconds', async () => {
    const reader = await user(off, 'nobody remembers');
    expect(await off.search(reader)).toBe(200);
    await lab.spoilLogin(`${name}-auth`, reader[0]);
    expect(await off.search(reader)).toBe(401);
  });

  test('serves several times as many requests with it', async () => {
    const rates: { on: number; off: number }[] = [];
    // Once more where the machine was busy with something else in the wrong moment.
    for (let turn = 0; turn < 3 && !rates.some((each) => each.on > 3 * each.off); turn += 1) {
      if (turn > 0) await sleep(5000);
      rates.push({ off: await rate(off), on: await rate(on) });
    }
    console.info(`MLflow ${version}, one worker, searches a second with and without the cache:`, rates);
    expect(rates.some((each) => each.on > 3 * each.off)).toBe(true);
  });
});
