import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Lab } from './lab';

/** Keys of S3, as the stand-ins give them away. */
export interface Keys {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
}

/** Seconds that keys are valid: the SDK renews keys that are valid for less than ten minutes at each use. */
const SECONDS = 60;

const expiry = (): string => new Date(Date.now() + SECONDS * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** The file of a token, as the kubelet mounts and replaces it. */
export class Token {
  private count = 0;

  constructor(readonly file: string) {
    this.replace();
  }

  get current(): string {
    return readFileSync(this.file, 'utf8');
  }

  /** Another token, with which the one before becomes invalid. */
  replace(): void {
    this.count += 1;
    writeFileSync(this.file, `token.number.${this.count}`);
  }
}

/**
 * A stand-in for what gives the keys of an identity: the STS of AWS, or the agent of EKS Pod Identity. Both give those
 * of the store for the current token, and refuse any other.
 */
export class IdentityProvider {
  /** How often keys were given. */
  given = 0;
  /** How often they were refused. */
  refused = 0;

  private constructor(private readonly server: Server) {}

  static async sts(token: Token, role: string, keys: Keys): Promise<IdentityProvider> {
    return IdentityProvider.listen(async (request, provider) => {
      const form = new URLSearchParams(await bodyOf(request));
      const isAsked = form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('RoleArn') === role;
      if (!isAsked || form.get('WebIdentityToken') !== token.current) {
        provider.refused += 1;
        const code = '<Code>AccessDenied</Code>';
        const message = '<Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message>';
        return [403, `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type>${code}${message}</Error></ErrorResponse>`];
      }
      provider.given += 1;
      const credentials = {
        AccessKeyId: keys.AWS_ACCESS_KEY_ID,
        SecretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
        SessionToken: 'a/session+token=',
        Expiration: expiry(),
      };
      const xml = Object.entries(credentials).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
      const result = `<Credentials>${xml.join('')}</Credentials>`;
      return [200, `${START}<AssumeRoleWithWebIdentityResult>${result}</AssumeRoleWithWebIdentityResult>${END}`];
    });
  }

  static async agent(token: Token, keys: Keys): Promise<IdentityProvider> {
    return IdentityProvider.listen(async ({ url, headers }, provider) => {
      if (url !== '/v1/credentials' || headers.authorization !== token.current) {
        provider.refused += 1;
        return [403, '{"message": "no association"}'];
      }
      provider.given += 1;
      return [
        200,
        JSON.stringify({
          AccessKeyId: keys.AWS_ACCESS_KEY_ID,
          SecretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
          Token: 'a/session+token=',
          AccountId: '123456789012',
          Expiration: expiry(),
        }),
      ];
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private static async listen(
    answer: (request: IncomingMessage, provider: IdentityProvider) => Promise<[status: number, body: string]>,
  ): Promise<IdentityProvider> {
    const respond = async (request: IncomingMessage, response: ServerResponse) => {
      const [status, body] = await answer(request, provider);
      response.writeHead(status, { 'content-type': body.startsWith('{') ? 'application/json' : 'text/xml' }).end(body);
    };
    const server = createServer((request, response) => void respond(request, response));
    const provider = new IdentityProvider(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return provider;
  }
}

const NAMESPACE = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const START = `<AssumeRoleWithWebIdentityResponse ${NAMESPACE}>`;
const END = '</AssumeRoleWithWebIdentityResponse>';

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** The body of a request, as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

/** Gives the programs of a lab what a pod with IRSA has: the file of its token. */
export const withToken = (lab: Lab, token: Token): void => {
  lab.inPods = { AWS_WEB_IDENTITY_TOKEN_FILE: token.file };
};

/** What the webhook of EKS adds for Pod Identity, with the agent and the store of the lab in the place of AWS. */
export const withAgent = (lab: Lab, token: Token, agent: IdentityProvider): void => {
  lab.inPods = {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token.file,
    MLFLOW_S3_ENDPOINT_URL: lab.store.url,
    BACKUP_S3_ENDPOINT_URL: lab.store.url,
  };
};
