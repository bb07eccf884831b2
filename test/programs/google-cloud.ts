import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from './http';
import { bodyOf } from './identity-providers';
import { freePort } from './ports';
import { Service, waitForService } from './process';
import { fakeGcsServer } from './tools';

/** The service account whose key file there is. */
const ACCOUNT = 'mlflow@lab-project.iam.gserviceaccount.com';

/** Seconds that a token is valid. Google's client renews one in the minutes before. */
const SECONDS = 3600;

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/**
 * Google Cloud on loopback: a real server of the API of Cloud Storage (fake-gcs-server), which knows no logins, behind
 * what refuses requests without a valid token; and stand-ins for what gives tokens, which are the token service for key
 * files and the metadata server of GKE.
 */
export class GoogleCloud {
  /** How often tokens were given, for key files and for pods. */
  readonly given = { keyFile: 0, metadata: 0 };
  /** Requests that were refused, by the way they came. */
  refused = 0;
  /** What happens before a part of an object is read: the object, and the first byte of the part. */
  beforePart: ((key: string, start: number) => Promise<void>) | undefined;
  private tokens = new Set<string>();

  private constructor(
    private readonly store: Service,
    private readonly storePort: number,
    private readonly server: Server,
  ) {}

  static async start(folder: string): Promise<GoogleCloud> {
    mkdirSync(folder);
    const [storePort, port] = [await freePort(), await freePort()];
    const address = `127.0.0.1:${port}`;
    const store = new Service(
      [
        fakeGcsServer,
        ...['-backend', 'filesystem', '-filesystem-root', folder, '-scheme', 'http', '-log-level', 'error'],
        ...['-host', '127.0.0.1', '-port', String(storePort)],
        ...['-public-host', address, '-external-url', `http://${address}`],
      ],
      {},
    );
    const server = createServer((asked, answer) => void cloud.answer(asked, answer));
    const cloud = new GoogleCloud(store, storePort, server);
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    const health = `http://127.0.0.1:${storePort}/storage/v1/b?project=x`;
    await waitForService(store, 'fake-gcs-server', async () => (await request(health)).status === 200);
    return cloud;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    await this.store.stop();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Writes the key file of the service account, with whatever else there may be in one. */
  writeKeyFile(path: string, more: Readonly<Record<string, unknown>> = {}): string {
    const file = {
      type: 'service_account',
      project_id: 'lab-project',
      private_key_id: '0123456789abcdef',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: ACCOUNT,
      token_uri: `${this.url}/token`,
      ...more,
    };
    writeFileSync(path, JSON.stringify(file, null, 2));
    return path;
  }

  /** Has all tokens that were given so far be invalid. */
  forgetTokens(): void {
    this.tokens.clear();
  }

  /** The MD5 of each object of a bucket, by its key. */
  async objects(bucket: string): Promise<Record<string, string>> {
    const answer = await request(`http://127.0.0.1:${this.storePort}/storage/v1/b/${bucket}/o?maxResults=100000`);
    const { items = [] } = JSON.parse(answer.text) as { items?: { name: string; md5Hash: string }[] };
    return Object.fromEntries(items.map(({ name, md5Hash }) => [name, md5Hash]));
  }

  async createBucket(name: string): Promise<void> {
    const path = `http://127.0.0.1:${this.storePort}/storage/v1/b?project=lab-project`;
    await request(path, { json: { name } });
  }

  /** Puts an object that no program of ours uploaded. */
  async put(bucket: string, key: string, body: string): Promise<void> {
    const query = `uploadType=media&name=${encodeURIComponent(key)}`;
    await request(`http://127.0.0.1:${this.storePort}/upload/storage/v1/b/${bucket}/o?${query}`, { body });
  }

  /** Removes all objects of a bucket. */
  async empty(bucket: string): Promise<void> {
    for (const key of Object.keys(await this.objects(bucket))) await this.remove(bucket, key);
  }

  async remove(bucket: string, key: string): Promise<void> {
    const path = `http://127.0.0.1:${this.storePort}/storage/v1/b/${bucket}/o/${encodeURIComponent(key)}`;
    await request(path, { method: 'DELETE' });
  }

  private async answer(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { url = '' } = asked;
    if (url === '/token') return void this.exchange(await bodyOf(asked), answer);
    if (url === '/' || url.startsWith('/computeMetadata/')) return this.metadata(asked, answer);
    const token = asked.headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (!this.tokens.has(token)) {
      this.refused += 1;
      asked.resume();
      return json(answer, 401, { error: { code: 401, message: 'Anonymous caller or invalid credentials' } });
    }
    if (url.includes('alt=media') && !(await this.isAsAsked(url, asked.headers.range ?? ''))) {
      asked.resume();
      return json(answer, 412, { error: { code: 412, message: 'At least one of the pre-conditions did not hold.' } });
    }
    const onward = forward(
      { host: '127.0.0.1', port: this.storePort, path: url, method: asked.method, headers: asked.headers },
      (from) => {
        answer.writeHead(from.statusCode ?? 502, from.headers);
        from.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }

  /** Whether an object that is read has the generation that was asked for, which the server of the API ignores. */
  private async isAsAsked(url: string, range: string): Promise<boolean> {
    const { pathname, searchParams } = new URL(url, this.url);
    const start = /^bytes=(\d+)-/.exec(range)?.[1];
    const key = decodeURIComponent(pathname.replace(/^.*\/o\//, ''));
    if (start !== undefined) await this.beforePart?.(key, Number(start));
    const generation = searchParams.get('ifGenerationMatch');
    if (generation === null) return true;
    const path = pathname.replace(/^\/download/, '');
    const found = await request(`http://127.0.0.1:${this.storePort}${path}`);
    return found.status !== 200 || (JSON.parse(found.text) as { generation: string }).generation === generation;
  }

  /** What exchanges a claim that a service account has signed for a token. */
  private exchange(body: string, answer: ServerResponse): void {
    const [head = '', claims = '', signature = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.');
    const isSigned = createVerify('RSA-SHA256')
      .update(`${head}.${claims}`)
      .verify(publicKey, Buffer.from(signature, 'base64url'));
    const { iss } = isSigned ? (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string }) : {};
    if (iss !== ACCOUNT) {
      this.refused += 1;
      json(answer, 400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' });
    } else {
      this.given.keyFile += 1;
      this.give(answer);
    }
  }

  /** The metadata server of GKE. */
  private metadata({ url = '', headers }: IncomingMessage, answer: ServerResponse): void {
    answer.setHeader('Metadata-Flavor', 'Google');
    const path = (url.split('?')[0] ?? '').replace('/computeMetadata/v1/', '').replace(ACCOUNT, 'default');
    const known: Readonly<Record<string, string>> = {
      '/': 'computeMetadata/',
      'project/project-id': 'lab-project',
      'universe/universe-domain': 'googleapis.com',
    };
    const isAsked = headers['metadata-flavor'] === 'Google';
    if (isAsked && known[path] !== undefined) {
      answer.setHeader('content-type', 'application/text').end(known[path]);
    } else if (isAsked && path === 'instance/service-accounts/default/') {
      json(answer, 200, { email: ACCOUNT, aliases: ['default'], scopes: [] });
    } else if (isAsked && path === 'instance/service-accounts/default/token') {
      this.given.metadata += 1;
      this.give(answer);
    } else {
      answer.writeHead(404).end('not found');
    }
  }

  private give(answer: ServerResponse): void {
    const count = this.given.keyFile + this.given.metadata;
    const token = `ya29.${createHash('sha256').update(`${count}`).digest('base64url')}`;
    this.tokens.add(token);
    json(answer, 200, { access_token: token, expires_in: SECONDS, token_type: 'Bearer' });
  }
}

const json = (answer: ServerResponse, status: number, body: unknown): void =>
  void answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
