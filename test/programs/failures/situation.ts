import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Lab } from '../lab';
import { freePort } from '../ports';
import type { Environment } from '../process';
import { type Release, releases } from '../tools';

/** What `prepare` ends with, and how that comes about. */
export interface Situation {
  readonly title: string;
  readonly code: number;
  readonly kind: string;
  readonly message: RegExp;
  /** What differs from a good environment, after having brought the situation about. `name`: a database of its own. */
  readonly arrange: (name: string) => Environment | Promise<Environment>;
  /** Options of the Python interpreter, which is one of its own then. */
  readonly options?: readonly string[];
}

/** Revisions of the tracking schema: of the release before, and of no release at all. */
export const unknownRevision = 'ffffffffffff';
export const previousRevision: Readonly<Record<Release, string>> = {
  '3.1.0': '400f98739977',
  '3.18.0': '8b6ad64cb8f5',
};

export const withoutAuth = { PREPARE_AUTH_DATABASE: '' };

/** Requests to create a bucket, by its path. */
const creations: Record<string, number> = {};

/** An object store that drops each request to create a bucket, or only the first of them. */
function withoutBucket({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const path = url.split('?')[0] ?? '';
  const exists = path === '/restarting' && (creations[path] ?? 0) > 1;
  if (method === 'PUT') {
    creations[path] = (creations[path] ?? 0) + 1;
    if (path === '/dropped' || creations[path] === 1) response.destroy();
    else response.end();
    return;
  }
  const missing = '<Error><Code>NoSuchBucket</Code><Message>none</Message></Error>';
  const listing = `<ListBucketResult><Name>${path.slice(1)}</Name></ListBucketResult>`;
  response.writeHead(exists ? 200 : 404, { 'content-type': 'application/xml' }).end(exists ? listing : missing);
}

/** What may stand on a port beside that of the S3 API. */
const webServer = createServer((request, response) => {
  if (request.url?.startsWith('/dropped') || request.url?.startsWith('/restarting')) {
    withoutBucket(request, response);
    return;
  }
  const [status, type, text] = request.url?.startsWith('/refused')
    ? [405, 'text/plain', 'no']
    : request.url?.startsWith('/feed')
      ? [200, 'application/xml', '<feed><title>News</title></feed>']
      : [200, 'text/html', '<!doctype html><title>Console</title>Welcome'];
  response.writeHead(Number(status), { 'content-type': `${type}` }).end(text);
});

/** A lab in which situations are brought about. Its members exist once `start` is done. */
export class Failures {
  private started: { readonly lab: Lab; readonly closedPort: number; readonly webPort: number } | undefined;

  get lab(): Lab {
    return this.all.lab;
  }

  /** A port on which nothing listens. */
  get closedPort(): number {
    return this.all.closedPort;
  }

  /** A port on which something other than S3 listens. */
  get webPort(): number {
    return this.all.webPort;
  }

  private get all() {
    if (!this.started) throw new Error('the lab is not up');
    return this.started;
  }

  async start(): Promise<void> {
    const lab = await Lab.start();
    const [closedPort, webPort] = [await freePort(), await freePort()];
    this.started = { lab, closedPort, webPort };
    webServer.listen(webPort, '127.0.0.1');
    // One database of each release to clone, so that a situation costs no migration.
    await Promise.all(
      releases.map((release) => {
        return lab.prepared(release, { ...lab.settings(release, `base-${release}`), PREPARE_CREATE_DATABASES: 'true' });
      }),
    );
  }

  async stop(): Promise<void> {
    webServer.close();
    await this.started?.lab.stop();
  }

  /** Databases with the schemas of a release. */
  async clone(release: Release, name: string): Promise<void> {
    await this.lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
    await this.lab.postgres.createDatabase(`${name}-auth`, 'mlflow', `base-${release}-auth`);
  }

  /** Databases without a schema. */
  async empty(name: string): Promise<void> {
    await this.lab.postgres.createDatabase(name, 'mlflow');
    await this.lab.postgres.createDatabase(`${name}-auth`, 'mlflow');
  }

  /** Databases whose tracking schema this release must upgrade. */
  async older(release: Release, name: string): Promise<void> {
    await this.clone(release, name);
    await this.lab.postgres.sql(name, `UPDATE alembic_version SET version_num = '${previousRevision[release]}'`);
  }

  /** Everything before the check of the bucket is fine. */
  async bucket(release: Release, name: string, changes: Environment): Promise<Environment> {
    await this.lab.postgres.createDatabase(name, 'mlflow', `base-${release}`);
    return { ...withoutAuth, PREPARE_TIMEOUT: '0', PREPARE_BUCKET: 'artifacts', ...changes };
  }
}
