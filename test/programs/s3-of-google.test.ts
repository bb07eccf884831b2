import { deleteLongAgo, newRun, pathOf } from './client-runs';
import { Lab } from './lab';
import { collect, smokeTest } from './maintenance-jobs';
import { labEnvironment, RenderedServer } from './rendered-server';
import { S3OfGoogle } from './s3-of-google';
import { testWithEveryRelease } from './tools';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

testWithEveryRelease('the S3 interface of Google Cloud Storage is enough, although it has not all of S3', async () => {
  const interop = await S3OfGoogle.start(lab.store.port);
  try {
    const environment = labEnvironment(lab, '3.18.0', 'interop', {
      artifacts: { s3: { bucket: 'interop', endpoint: interop.url, region: 'us-east-1', createBucket: true } },
      garbageCollection: { olderThan: '1h' },
    });
    const server = await RenderedServer.start(lab, environment);
    const deleted = await newRun(server, ['a', 'b/c']);
    const kept = await newRun(server, ['a', 'ab', 'b/c']);
    await server.must(pathOf(`${kept.root}/a`), { method: 'DELETE' });
    await deleteLongAgo(lab, server, deleted.id);
    expect(await collect(lab, server)).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(lab.store.objects('interop'))).toEqual([`${kept.root}/ab`, `${kept.root}/b/c`]);
    expect(await smokeTest(lab, server)).toMatchObject({ code: 0 });
    // Asked for once and more, and refused each time.
    expect(interop.refused.size).toBe(1);
  } finally {
    await interop.stop();
  }
});
