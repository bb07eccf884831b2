import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tlsSecret } from '../certificates';
import type { Outsider } from '../exposure/outsider';
import { loadImage } from '../images';
import {
  applyObjects,
  clientPython,
  IMAGES,
  kubectl,
  lastJson,
  namespace,
  program,
  removeNamespaces,
  run,
  until,
} from '../lab';

/** A client that is registered at a provider. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

const NAMESPACE = 'sso';
const IMAGE = 'docker.io/library/oidc-provider-mock:0.3.4';

/** A real OpenID provider in the cluster, at which everybody logs in by naming themselves. */
export class Provider {
  static readonly host = 'sso.example.com';
  static readonly url = `https://${Provider.host}`;

  /** @param outsider a machine that knows its host */
  constructor(private readonly outsider: Outsider) {}

  /** Starts it behind Traefik. */
  async start(): Promise<void> {
    await removeNamespaces([NAMESPACE]);
    const archive = join(IMAGES, 'oidc-provider.tar');
    if (!existsSync(archive)) await run(join(__dirname, 'build-provider'), [IMAGE, archive]);
    await loadImage(IMAGE, 'oidc-provider.tar');
    await applyObjects([namespace(NAMESPACE), tlsSecret(NAMESPACE, 'provider-tls', this.outsider.folder)]);
    await kubectl(['apply', '-f', join(__dirname, 'provider.yaml')]);
    await kubectl(['-n', NAMESPACE, 'rollout', 'status', 'deployment/provider', '--timeout=120s']);
    const curl = ['curl', '--silent', '--fail', '--cacert', this.outsider.authority, '--output', '/dev/null'];
    const discovery = `${Provider.url}/.well-known/openid-configuration`;
    await until('the provider is served', 60, () =>
      this.outsider.run([...curl, discovery]).then(
        () => true,
        () => false,
      ),
    );
  }

  /** Removes it. */
  stop(): Promise<unknown> {
    return removeNamespaces([NAMESPACE]);
  }

  /** Registers a client. */
  register(redirectUrl: string): Promise<Client> {
    return this.ask(['register', redirectUrl]);
  }

  /** Says something of a person from now on. */
  async set(subject: string, claims: object): Promise<void> {
    await this.ask(['set', subject], { CLAIMS: JSON.stringify(claims) });
  }

  /** An ID token of a person for a client, as a program gets it. */
  async tokenFor(subject: string, client: Client, redirectUrl: string): Promise<string> {
    const env = { CLIENT: JSON.stringify(client) };
    return (await this.ask<{ readonly token: string }>(['token', subject, redirectUrl], env)).token;
  }

  private async ask<T>(given: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<T> {
    const argv = [clientPython('3.18.0'), program('provider.py'), Provider.url, ...given];
    const { authority } = this.outsider;
    return lastJson<T>(await this.outsider.run(argv, { env: { REQUESTS_CA_BUNDLE: authority, ...env } }));
  }
}
