import { writeFileSync } from 'node:fs';
import { proxyPrefix } from '../../lib/components/auth/oidc/addresses';
import { CLIENT_SECRET_PATH, proxyConfiguration } from '../../lib/components/auth/oidc/configuration';
import { proxyVariables } from '../../lib/components/auth/oidc/variables';
import type { EnvironmentInput } from '../../lib/environment/model';
import { Browser, type Page } from './browser';
import { request } from './http';
import type { Lab } from './lab';
import { here } from './pod-variables';
import { freePort } from './ports';
import { Service, waitForService } from './process';
import { labEnvironment, RenderedServer } from './rendered-server';
import { oauth2Proxy, openidProvider } from './tools';

/** What the page requests of experiments. */
export const SEARCH = '/ajax-api/2.0/mlflow/experiments/search?max_results=100';

/** What a program requests of a user, whose name follows. */
export const USER = '/api/2.0/mlflow/users/get?username=';

/** What a provider says of a person. */
export type Claims = Readonly<Record<string, unknown>>;

/** A real OpenID provider, at which everybody logs in by naming themselves. Cookies are by host, so it has one of its own. */
export class Provider {
  private constructor(readonly url: string) {}

  /** @param more options of it */
  static async start(lab: Lab, more = ['--require-registration=true', '--require-nonce=true']): Promise<Provider> {
    const port = await freePort();
    const host = '127.0.0.2';
    const options = [`--host=${host}`, `--port=${port}`, ...more];
    const argv = [openidProvider, '-W', 'ignore', '-m', 'oidc_provider_mock', ...options];
    const service = lab.keep(new Service(argv, { PATH: process.env.PATH, AUTHLIB_INSECURE_TRANSPORT: '1' }));
    const provider = new Provider(`http://${host}:${port}`);
    await waitForService(service, 'the OpenID provider', async () => {
      const { status } = await request(`${provider.url}/.well-known/openid-configuration`);
      return status === 200;
    });
    return provider;
  }

  /** Registers a client. */
  async register(redirectUrl: string): Promise<{ readonly id: string; readonly secret: string }> {
    const { text } = await request(`${this.url}/oauth2/clients`, { json: { redirect_uris: [redirectUrl] } });
    const { client_id: id, client_secret: secret } = JSON.parse(text) as Record<string, string>;
    return { id: String(id), secret: String(secret) };
  }

  /** Says something of a person from now on. */
  async set(subject: string, claims: Claims): Promise<void> {
    const { status } = await request(`${this.url}/users/${subject}`, { method: 'PUT', json: claims });
    if (status !== 204) throw new Error(`the provider answered ${status}`);
  }

  /** Ends the sessions of a person. */
  async revoke(subject: string): Promise<void> {
    await request(`${this.url}/users/${subject}/revoke-tokens`, { method: 'POST', body: '' });
  }

  /** An ID token of a person for a client, as a program gets it from the provider. */
  async tokenFor(subject: string, client: { readonly id: string; readonly secret: string }, redirectUrl: string) {
    const scope = 'openid email profile';
    const query = new URLSearchParams({
      ...{
        response_type: 'code',
        client_id: client.id,
        redirect_uri: redirectUrl,
        scope,
        nonce: String(Math.random()),
      },
    });
    const { headers } = await new Browser().send(`${this.url}/oauth2/authorize?${query}`, providerLogin(subject));
    const code = new URL(String(headers.location)).searchParams.get('code') ?? '';
    const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUrl });
    const { text } = await request(`${this.url}/oauth2/token`, {
      body: body.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      login: [client.id, client.secret],
    });
    return String((JSON.parse(text) as Record<string, string>).id_token);
  }
}

/** What the form of the provider sends. */
export const providerLogin = (subject: string) => ({
  method: 'POST',
  body: new URLSearchParams({ sub: subject }).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

/** A server behind its proxy, both with exactly what is synthesized for them, but for `changes` of the proxy's variables. */
export class ProxiedServer {
  private constructor(
    readonly server: RenderedServer,
    readonly proxy: Service,
    readonly url: string,
    readonly provider: Provider,
    readonly client: { readonly id: string; readonly secret: string },
    readonly redirectUrl: string,
  ) {}

  static async start(
    lab: Lab,
    version: string,
    name: string,
    { oidc = {}, ...more }: EnvironmentInput & { readonly oidc?: Claims } = {},
    changes: Readonly<Record<string, string>> = {},
  ): Promise<ProxiedServer> {
    const provider = await Provider.start(lab);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const redirectUrl = `${url}${more.server?.staticPrefix ?? ''}/oauth2/callback`;
    const client = await provider.register(redirectUrl);
    const environment = labEnvironment(lab, version, name, {
      ...more,
      auth: { ...more.auth, oidc: { issuer: provider.url, clientId: client.id, redirectUrl, ...oidc } },
    });
    const server = await RenderedServer.start(lab, environment);
    const file = lab.path('config.yaml');
    const secret = lab.path('client-secret');
    writeFileSync(secret, client.secret);
    const configuration = proxyConfiguration(environment)
      .replace('0.0.0.0:4180', `127.0.0.1:${port}`)
      .replace('http://127.0.0.1:5000', server.url)
      .replace(`${CLIENT_SECRET_PATH}/client-secret`, secret);
    writeFileSync(file, configuration);
    const variables = { ...here(lab, environment, proxyVariables(environment), ''), ...changes };
    const proxy = lab.keep(new Service([oauth2Proxy, `--alpha-config=${file}`], variables));
    await waitForService(proxy, 'oauth2-proxy', async () => {
      const { status } = await request(`${url}${proxyPrefix(environment)}/ping`);
      return status === 200;
    });
    return new ProxiedServer(server, proxy, url, provider, client, redirectUrl);
  }

  /** Ends both. */
  async stop(): Promise<void> {
    await Promise.all([this.proxy.stop(), this.server.service.stop()]);
  }

  /** Opens a page as a person, who logs in at the provider if that is asked for. */
  async open(browser: Browser, subject: string, path = '/'): Promise<Page> {
    const page = await browser.open(this.url + path);
    if (!page.url.startsWith(`${this.provider.url}/oauth2/authorize`)) return page;
    return browser.open(page.url, providerLogin(subject));
  }

  /** A browser in which a person has logged in. */
  async browserOf(subject: string): Promise<Browser> {
    const browser = new Browser();
    await this.open(browser, subject);
    return browser;
  }

  /** A request of the web page, as `fetch` in it sends one. */
  async fetch(browser: Browser, path: string, json?: unknown, headers: Readonly<Record<string, string>> = {}) {
    const origin = new URL(this.url).origin;
    return browser.send(this.url + path, {
      ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
      headers: { accept: 'application/json', 'content-type': 'application/json', origin, ...headers },
    });
  }
}
