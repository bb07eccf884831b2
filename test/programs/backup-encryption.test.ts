import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BackupInput } from '../../lib/environment/generated/input';
import { BackedUp, newest } from './backed-up';
import { emptyBucket, mustRun, runJob } from './backups';
import { labEnvironment } from './rendered-server';

/** Encryption by the store of backups: what each upload requests, and a store that ignores it. */

const HEADER = 'x-amz-server-side-encryption';

const REFUSAL = '<Error><Code>AccessDenied</Code><Message>not allowed to delete</Message></Error>';

/** What begins an object: the request, and what it says of encryption. */
type Upload = readonly [path: string, encryption: string | undefined, key: string | undefined];

/** The store of a lab, which says of each object that it encrypts it as requested, or as `says` has it. */
class Encrypting {
  readonly uploads: Upload[] = [];
  says = (asked: string | undefined) => asked;
  /** Whether the key may remove objects. */
  removes = true;
  private readonly server: Server;

  constructor(port: number) {
    this.server = createServer((incoming, outgoing) => {
      const { method, url: path = '', headers } = incoming;
      const isPart = path.includes('partNumber=');
      const asked = headers[HEADER] as string | undefined;
      if ((method === 'PUT' && !isPart) || path.endsWith('?uploads'))
        this.uploads.push([path, asked, headers[`${HEADER}-aws-kms-key-id`] as string | undefined]);
      if (method === 'DELETE' && !this.removes) return void outgoing.writeHead(403).end(REFUSAL);
      const passed = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        const done = this.says(asked);
        outgoing.writeHead(answer.statusCode ?? 500, { ...answer.headers, ...(done ? { [HEADER]: done } : {}) });
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

let setting: BackedUp;
let store: Encrypting;
let endpoint: string;

beforeAll(async () => {
  setting = await BackedUp.prepare();
  store = new Encrypting(setting.lab.store.port);
  endpoint = await store.start();
});

beforeEach(async () => {
  await emptyBucket(setting.lab, 'copies');
  store.uploads.length = 0;
  store.says = (asked) => asked;
  store.removes = true;
});

afterAll(async () => {
  store?.stop();
  await setting?.lab.stop();
});

type Encryption = Pick<NonNullable<BackupInput['destination']['s3']>, 'serverSideEncryption' | 'kmsKeyId'>;

const environmentOf = (encryption: Encryption) =>
  labEnvironment(setting.lab, newest, 'failures', {
    backup: {
      destination: { s3: { bucket: 'copies', endpoint, addressingStyle: 'path', ...encryption } },
      artifacts: true,
      verification: {},
    },
  });

test.each<Encryption>([
  { serverSideEncryption: 'AES256' },
  { serverSideEncryption: 'aws:kms', kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/6d1e' },
])('every object is uploaded with it, large ones too, and is read back: %j', async (encryption) => {
  // In several parts.
  await setting.putArtifact('large.bin', 'x', 17 * 2 ** 20);
  const environment = environmentOf(encryption);
  await mustRun(setting.lab, environment, 'backup', '');
  const names = store.uploads.map(([path]) => path.replace(/\?.*/, '').replace(/.*\//, ''));
  const files = ['auth.dump', 'tracking.dump', 'artifacts.jsonl.gz', 'manifest.json'];
  expect(names.filter((name) => !/^[0-9a-f]{64}$/.test(name)).toSorted()).toEqual(
    ['auth.dump.probe', ...files].toSorted(),
  );
  expect(names).toHaveLength(7);
  expect(store.uploads.filter(([path]) => path.endsWith('?uploads'))).toHaveLength(1);
  expect(new Set(store.uploads.map(([, ...said]) => JSON.stringify(said)))).toEqual(
    new Set([JSON.stringify([encryption.serverSideEncryption, encryption.kmsKeyId])]),
  );
  expect(JSON.stringify(setting.lab.store.objects('copies'))).not.toContain('probe');
  await mustRun(setting.lab, environment, 'verification', '');
});

test.each([undefined, 'AES256'])('nothing is backed up if the store says %s in place of it', async (done) => {
  store.says = () => done;
  const { code, message } = await runJob(setting.lab, environmentOf({ serverSideEncryption: 'aws:kms' }), 'backup', '');
  expect([code, message]).toEqual([54, expect.stringContaining('does not confirm serverSideEncryption aws:kms')]);
  expect(setting.lab.store.objects('copies')).toEqual({});
});

test('a key that may not remove objects backs up, and what the empty object is for is said', async () => {
  store.removes = false;
  const environment = environmentOf({ serverSideEncryption: 'AES256' });
  expect(await mustRun(setting.lab, environment, 'backup', '')).toMatch(
    /warning: the empty object .*auth\.dump\.probe, .* stays: .*HTTP 403, AccessDenied/,
  );
  await mustRun(setting.lab, environment, 'verification', '');
  store.says = () => 'AES256';
  const { code, message } = await runJob(setting.lab, environmentOf({ serverSideEncryption: 'aws:kms' }), 'backup', '');
  expect([code, message]).toEqual([54, expect.stringContaining('does not confirm serverSideEncryption aws:kms')]);
});

test('without it nothing is requested', async () => {
  await mustRun(setting.lab, environmentOf({}), 'backup', '');
  expect(store.uploads.length).toBeGreaterThan(4);
  expect(store.uploads.filter(([path, ...said]) => said.some(Boolean) || path.includes('probe'))).toEqual([]);
});
