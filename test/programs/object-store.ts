import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { request } from './http';
import { freePort } from './ports';
import { Service, waitForService } from './process';
import { versitygw } from './tools';

/** How a store differs from AWS. */
export interface StoreOptions {
  /** Whether it takes names of buckets that AWS does not: capitals and `_`. @default false */
  readonly anyBucketName?: boolean;
}

/** A real S3 server (versitygw) on loopback whose buckets are folders. */
export class ObjectStore {
  readonly credentials = {
    AWS_ACCESS_KEY_ID: 'test-access-key',
    AWS_SECRET_ACCESS_KEY: 'test/secret+key=%20"',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  private service: Service | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(folder: string, { anyBucketName = false }: StoreOptions = {}): Promise<ObjectStore> {
    const store = new ObjectStore(folder, await freePort());
    mkdirSync(folder);
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = store.credentials;
    const service = new Service(
      [
        versitygw,
        '--port',
        `127.0.0.1:${store.port}`,
        '--health',
        '/healthz',
        ...(anyBucketName ? ['--disable-strict-bucket-names'] : []),
        '--quiet',
        'posix',
        folder,
      ],
      { ROOT_ACCESS_KEY: AWS_ACCESS_KEY_ID, ROOT_SECRET_KEY: AWS_SECRET_ACCESS_KEY },
    );
    store.service = service;
    try {
      await waitForService(service, 'versitygw', async () => (await request(`${store.url}/healthz`)).status === 200);
    } catch (error) {
      await store.stop();
      throw error;
    }
    return store;
  }

  async stop(): Promise<void> {
    await this.service?.stop();
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The SHA-256 of each object of a bucket, by its key. */
  objects(bucket: string): Record<string, string> {
    return filesIn(join(this.folder, bucket));
  }

  /** An object that nobody uploaded. */
  write(bucket: string, key: string, content: string): void {
    const path = join(this.folder, bucket, key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  remove(bucket: string, key: string): void {
    rmSync(join(this.folder, bucket, key));
  }

  has(bucket: string): boolean {
    return existsSync(join(this.folder, bucket));
  }
}

/** The SHA-256 of each file below a folder, by its path. */
export function filesIn(top: string): Record<string, string> {
  const files = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(paths.map((path) => [path.slice(top.length + 1), hash(path)]));
}
