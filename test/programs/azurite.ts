import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Issuer } from './certificates';
import { bodyOf, type Token } from './identity-providers';
import type { Lab } from './lab';
import { freePort } from './ports';
import { run, Service, waitForService } from './process';
import { marked } from './said';
import { azurite, python } from './tools';

/** An account of Azure with a real store of blobs (Azurite), at the host names of Azure. */
export class Azure {
  readonly account = 'testaccount';
  /** With all characters that only base64 has. */
  readonly key = Buffer.from([...Array(64).keys()].map((each) => (each * 37 + 251) % 256)).toString('base64');
  /** How often a token was given. */
  given = 0;
  /** How often one was refused. */
  refused = 0;
  private tls: TlsServer | undefined;
  private tunnel: Server | undefined;

  private constructor(
    private readonly lab: Lab,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async start(lab: Lab): Promise<Azure> {
    const azure = new Azure(lab, lab.path('azure'), await freePort());
    mkdirSync(azure.folder);
    const issuer = await Issuer.create(azure.file('issuer'));
    const issued = await issuer.issue('ec', [azure.host, AUTHORITY]);
    for (const [name, text] of Object.entries(issued)) writeFileSync(azure.file(name), text);
    const options = ['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--oauth', 'basic'];
    const tls = ['--cert', azure.file('tls.crt'), '--key', azure.file('tls.key')];
    const service = new Service(
      [process.execPath, azurite, '--blobPort', `${azure.port}`, '--location', azure.folder, ...options, ...tls],
      { PATH: process.env.PATH, HOME: azure.folder, AZURITE_ACCOUNTS: `${azure.account}:${azure.key}` },
    );
    lab.keep(service);
    await waitForService(service, 'Azurite', async () => service.output.includes('successfully listens'));
    const login = await azure.listenForTokens(issued);
    azure.tunnel = await tunnelTo({ [azure.host]: azure.port, [AUTHORITY]: login });
    lab.inPods = azure.inPods;
    return azure;
  }

  async stop(): Promise<void> {
    this.tls?.closeAllConnections();
    await Promise.all([this.tls, this.tunnel].map((server) => server && new Promise((done) => server.close(done))));
  }

  /** Who may have a token: a client with the token that the kubelet mounted. @default nobody */
  client: { readonly id: string; readonly tenant: string; readonly token: Token } | undefined;

  get host(): string {
    return `${this.account}.blob.core.windows.net`;
  }

  /** Gives the programs of the lab what leads to this store in place of Azure. */
  get inPods(): Readonly<Record<string, string>> {
    const address = this.tunnel?.address() as AddressInfo | undefined;
    return {
      HTTPS_PROXY: `http://127.0.0.1:${address?.port}`,
      NO_PROXY: '127.0.0.1,localhost',
      REQUESTS_CA_BUNDLE: this.file('ca.crt'),
    };
  }

  /** What the kubelet mounts for the client. */
  identify(id: string, tenant: string, token: Token): void {
    this.client = { id, tenant, token };
    this.lab.inPods = { ...this.inPods, AZURE_FEDERATED_TOKEN_FILE: token.file };
  }

  /** A SAS of a container, with permissions as Azure abbreviates them. */
  async sas(container: string, permissions = 'rcwdl', hours = 1): Promise<string> {
    return JSON.parse(await this.ask(SAS, container, permissions, `${hours}`)) as string;
  }

  /** The SHA-256 of each blob of a container, by its name. */
  async blobs(container: string): Promise<Record<string, string>> {
    return JSON.parse(await this.ask(LIST, container)) as Record<string, string>;
  }

  /** An empty container, which may not exist. */
  async empty(container: string): Promise<void> {
    await this.ask(EMPTY, container);
  }

  /** A blob that no program of ours uploaded. */
  async write(container: string, name: string, content: string): Promise<void> {
    await this.ask(WRITE, container, name, content);
  }

  private async ask(program: string, ...argv: readonly string[]): Promise<string> {
    const env = { PATH: process.env.PATH, ...this.inPods, ACCOUNT: this.account, KEY: this.key };
    return marked(await run([python('azure-3.18.0'), '-c', `${CLIENT}\n${program}`, ...argv], env));
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  /** A stand-in for Microsoft Entra ID. Azurite reads what a token says, and not who signed it. */
  private async listenForTokens(issued: { 'tls.crt': string; 'tls.key': string }): Promise<number> {
    const options = { cert: issued['tls.crt'], key: issued['tls.key'] };
    const server = createTlsServer(options, async (request, response) => {
      const form = new URLSearchParams(await bodyOf(request));
      const { client } = this;
      const isClient = form.get('client_id') === client?.id && form.get('client_assertion') === client?.token.current;
      const isRight = request.url === `/${client?.tenant}/oauth2/v2.0/token` && isClient;
      const [status, body] = isRight ? [200, this.token()] : [401, REFUSAL];
      if (isRight) this.given += 1;
      else this.refused += 1;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    this.tls = server;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return (server.address() as AddressInfo).port;
  }

  /** Valid for so short that the SDK asks for another one at each use. */
  private token(): object {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { aud: 'https://storage.azure.com', iss: ISSUER, nbf: now - 60, iat: now - 60, exp: now + 3600 };
    const token = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.signature`;
    return { token_type: 'Bearer', expires_in: 60, access_token: token };
  }
}

const AUTHORITY = 'login.microsoftonline.com';
const ISSUER = 'https://sts.windows.net/9c8b7a6d-5e4f-4a3b-9c2d-1e0f9a8b7c6d/';
const REFUSAL = {
  error: 'invalid_client',
  error_description: 'AADSTS700213: No matching federated identity record found for presented assertion subject.',
};

const CLIENT = `
import datetime, hashlib, json, os, sys
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas
service = BlobServiceClient(f"https://{os.environ['ACCOUNT']}.blob.core.windows.net", credential=os.environ["KEY"])
container = service.get_container_client(sys.argv[1])
`;
const LIST = `
names = [blob.name for blob in container.list_blobs()]
hashes = {name: hashlib.sha256(container.download_blob(name).readall()).hexdigest() for name in names}
print("RESULT", json.dumps(hashes))
`;
const EMPTY = `
if not container.exists():
    container.create_container()
for blob in container.list_blobs():
    container.delete_blob(blob)
print("RESULT", json.dumps(None))
`;
const WRITE = `
container.upload_blob(sys.argv[2], sys.argv[3].encode(), overwrite=True)
print("RESULT", json.dumps(None))
`;
const SAS = `
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=float(sys.argv[3]))
permission = ContainerSasPermissions.from_string(sys.argv[2])
sas = generate_container_sas(os.environ["ACCOUNT"], sys.argv[1], os.environ["KEY"], permission=permission, expiry=end)
print("RESULT", json.dumps(sas))
`;

/** A proxy that leads host names to ports of this machine, and no other anywhere. */
async function tunnelTo(ports: Readonly<Record<string, number>>): Promise<Server> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (data) => {
      const port = ports[/^CONNECT ([^:]+):443 /.exec(data.toString('latin1'))?.[1] ?? ''];
      if (port === undefined) return client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const target = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        client.pipe(target).pipe(client);
      });
      return target.on('error', () => client.destroy());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}
