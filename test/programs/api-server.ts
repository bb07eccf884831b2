import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { temporaryFolder } from '../support/temporary-folder';
import { freePort } from './ports';
import { run } from './process';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly text: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly object: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly unknown[];
}

export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly type?: string;
  readonly metadata: Metadata;
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * What the generator needs of a Kubernetes API server, over real TLS, for its namespace and a client's. It stands for the real one to
 * show answers that a healthy cluster does not give; the end-to-end tests have the real one.
 */
export class ApiServer {
  readonly requests: ApiRequest[] = [];
  readonly secrets = new Map<string, ApiObject>();
  readonly jobs = new Map<string, ApiObject>();
  /** The Secrets of one more namespace, of a client; undefined when it is not there. */
  client: Map<string, ApiObject> | undefined = new Map();
  readonly namespace = 'team';
  /** An answer before the usual one, such as a refusal; undefined leaves it to the usual one. */
  intercept: (request: ApiRequest) => ApiAnswer | undefined = () => undefined;
  /** Whose bearer may do everything. */
  token = 'token-of-the-account';
  private server: Server | undefined;

  private constructor(
    /** The folder that a pod has for its service account. */
    readonly account: string,
    readonly port: number,
  ) {}

  /** One that does not listen yet, with a certificate of its own. */
  static async make(): Promise<ApiServer> {
    const server = new ApiServer(temporaryFolder(), await freePort());
    await makeCertificates(server.account);
    server.write('token', server.token);
    server.write('namespace', server.namespace);
    return server;
  }

  static async start(): Promise<ApiServer> {
    return (await ApiServer.make()).listen();
  }

  async listen(): Promise<this> {
    const server = createServer({ key: this.read('key'), cert: this.read('crt') }, async (incoming, outgoing) => {
      const { status, object } = this.answer(await request(incoming), incoming.headers.authorization);
      outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(object));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    return this;
  }

  /** No new connection from now on; what is being answered is. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  }

  read(name: string): string {
    return readFileSync(join(this.account, name), 'utf8');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.account, name), text);
  }

  /** Keep a Secret as somebody else would have made it. */
  keepSecret(name: string, more: Partial<ApiObject>): ApiObject {
    const metadata = { ...more.metadata, namespace: this.namespace, name, uid: randomUUID(), resourceVersion: '1' };
    const secret = { ...more, metadata };
    this.secrets.set(name, secret);
    return secret;
  }

  private answer(request: ApiRequest, authorization: string | undefined): ApiAnswer {
    this.requests.push(request);
    if (authorization !== `Bearer ${this.token}`) return failure(401, 'Unauthorized');
    return this.intercept(request) ?? this.usual(request);
  }

  private usual(request: ApiRequest): ApiAnswer {
    const { method, path, contentType, text } = request;
    if (path.startsWith(CLIENT_SECRETS)) return this.ofClient(request);
    const secrets = `/api/v1/namespaces/${this.namespace}/secrets`;
    const jobs = `/apis/batch/v1/namespaces/${this.namespace}/jobs`;
    const [kept, name] = path.startsWith(secrets)
      ? [this.secrets, path.slice(secrets.length + 1)]
      : [this.jobs, path.slice(jobs.length + 1)];
    const known = kept.get(name);
    if (method === 'POST' && path === secrets) return this.post(JSON.parse(text) as ApiObject);
    if (!known) return failure(404, `${path} not found`);
    if (method === 'GET') return { status: 200, object: known };
    if (method !== 'PATCH') return failure(405, `${method} is not for this`);
    if (contentType !== 'application/merge-patch+json') return failure(415, `${contentType} is no patch`);
    const patch = JSON.parse(text) as ApiObject;
    const { resourceVersion = '0' } = known.metadata;
    if (kept === this.secrets && patch.metadata.resourceVersion !== resourceVersion) {
      return failure(409, 'the object has been modified');
    }
    const metadata = { ...known.metadata, ...patch.metadata };
    const patched =
      kept === this.secrets
        ? {
            ...known,
            metadata: { ...metadata, resourceVersion: `${Number(resourceVersion) + 1}` },
            data: { ...known.data, ...patch.data },
          }
        : { ...known, metadata };
    kept.set(name, patched);
    return { status: 200, object: patched };
  }

  private ofClient({ method, path, text }: ApiRequest): ApiAnswer {
    if (!this.client) return failure(404, 'namespaces "client" not found');
    const name = path.slice(CLIENT_SECRETS.length + 1);
    const given = text ? (JSON.parse(text) as ApiObject) : undefined;
    const known = this.client.get(name || (given?.metadata.name ?? ''));
    if (method === 'POST' && given && !known) {
      this.client.set(given.metadata.name, given);
      return { status: 201, object: given };
    }
    if (!known) return failure(404, `${path} not found`);
    if (method === 'PATCH') this.client.set(name, { ...known, data: { ...known.data, ...given?.data } });
    return { status: 200, object: this.client.get(name) };
  }

  private post(secret: ApiObject): ApiAnswer {
    const { name } = secret.metadata;
    if (this.secrets.has(name)) return failure(409, `secrets "${name}" already exists`);
    return { status: 201, object: this.keepSecret(name, secret) };
  }
}

export const CLIENT_SECRETS = '/api/v1/namespaces/client/secrets';

/** An answer as Kubernetes gives it when it does not do what it is asked to. */
export const failure = (code: number, message: string): ApiAnswer => ({
  status: code,
  object: { apiVersion: 'v1', kind: 'Status', status: 'Failure', message, code },
});

/**
 * An authority (`ca.crt`) and a certificate of it for the loopback address (`crt`, `key`), without the extensions that
 * Python asks for from 3.13 on and that the authorities of older clusters lack.
 */
async function makeCertificates(folder: string): Promise<void> {
  writeFileSync(join(folder, 'extensions'), 'subjectAltName=IP:127.0.0.1');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const argv of [
    ['req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=authority'],
    ['req', ...newKey, '-keyout', 'key', '-out', 'request', '-subj', '/CN=api'],
    ['x509', '-req', '-in', 'request', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', '1', '-days', '2'].concat([
      '-extfile',
      'extensions',
      '-out',
      'crt',
    ]),
  ]) {
    const result = await run(['env', `--chdir=${folder}`, 'openssl', ...argv], { PATH: process.env.PATH });
    if (result.code !== 0) throw new Error(`openssl: ${result.stderr}`);
  }
}

async function request(incoming: IncomingMessage): Promise<ApiRequest> {
  let text = '';
  for await (const part of incoming.setEncoding('utf8')) text += part;
  const { method = '', url = '', headers } = incoming;
  return { method, path: url, contentType: headers['content-type'] ?? '', text };
}
