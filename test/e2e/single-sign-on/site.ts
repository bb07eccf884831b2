import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatReference } from '../../../lib/kubernetes/image-reference';
import { OAUTH2_PROXY_IMAGE } from '../../../lib/versions';
import { tlsSecret } from '../certificates';
import { type Login, loginIn } from '../exposure/site';
import { CONTROLLER } from '../exposure/traefik';
import { apply, synthesizeVariant } from '../homelab';
import { loadProxy, loadRelease } from '../images';
import { applyObjects, namespace, removeNamespaces, rolledOut, secret, secretValues } from '../lab';
import { type Client, Provider } from './provider';
import { HOST, NAMESPACE, type Surroundings } from './surroundings';

const REPOSITORY = 'localhost/mlflow-single-sign-on';

/** What a test changes of the environment. */
export interface Change {
  readonly expiry?: string;
  readonly replicas?: number;
}

/** The quickstart at an Ingress, with single sign-on, by keys of the environment alone. */
export class Site {
  readonly url = `https://${HOST}`;
  readonly redirectUrl = `${this.url}/oauth2/callback`;
  private registered?: Client;

  constructor(
    readonly release: '3.1.0' | '3.18.0',
    private readonly surroundings: Surroundings,
  ) {}

  /** Recreates it, and waits until it is ready. */
  async start(): Promise<void> {
    await loadRelease(this.image, this.release);
    await loadProxy(formatReference(OAUTH2_PROXY_IMAGE));
    await this.stop();
    this.registered = await this.surroundings.provider.register(this.redirectUrl);
    await applyObjects([
      namespace(NAMESPACE),
      tlsSecret(NAMESPACE, 'mlflow-tls', this.surroundings.folder),
      secret(NAMESPACE, 'mlflow-oidc', { 'client-secret': this.client.secret }),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'company-ca', namespace: NAMESPACE },
        data: { 'ca.crt': this.authority },
      },
    ]);
    await this.change({});
  }

  /** Applies a changed environment, and waits until its pods are ready. */
  async change({ expiry = '12h', replicas = 1 }: Change): Promise<void> {
    const folder = await synthesizeVariant(
      'single-sign-on',
      `image: { repository: ${REPOSITORY}, tag: "${this.release}" }
namespace: { name: ${NAMESPACE} }
server: { rollout: RollingUpdate, replicas: ${replicas} }
ingress: { host: ${HOST}, controller: traefik, tls: { secret: mlflow-tls } }
auth:
  defaultPermission: NO_PERMISSIONS
  cacheSeconds: 1
  users:
    - { name: ci, permission: EDIT }
    - { name: carl@example.com, permission: MANAGE, secret: mlflow-user-carl }
    - { name: dana@example.com, permission: READ, secret: mlflow-user-dana }
  oidc:
    issuer: ${Provider.url}
    clientId: ${this.client.id}
    emailDomains: [example.com]
    allowedGroups: [ml]
    bearerTokens: true
    sharedNames: [dana@example.com]
    session: { expiry: ${expiry} }
    ca: { configMap: company-ca }
# The provider is behind the same controller, whose pods have another port than its Service.
networkPolicy: { egress: [{ namespace: ${CONTROLLER.namespace}, ports: [8443] }] }
`,
      'quickstart',
    );
    await apply(folder);
    await rolledOut(300, NAMESPACE);
  }

  /** Removes it. */
  stop(): Promise<unknown> {
    return removeNamespaces([NAMESPACE]);
  }

  get image(): string {
    return `${REPOSITORY}:${this.release}`;
  }

  /** The CA certificate of its host, and of the provider. */
  get authority(): string {
    return readFileSync(join(this.surroundings.folder, 'ca.crt'), 'utf8');
  }

  /** A login that is not by single sign-on. */
  login(user: 'administrator' | 'ci'): Promise<Login> {
    return loginIn(NAMESPACE, user === 'ci' ? 'mlflow-user-ci' : 'mlflow-basic-auth');
  }

  /** The password by which the server knows its proxy. */
  async proxyPassword(): Promise<string> {
    return (await secretValues(NAMESPACE, 'mlflow-oauth2-proxy'))['proxy-password'] ?? '';
  }

  /** An ID token of a person. */
  token(subject: string): Promise<string> {
    return this.surroundings.provider.tokenFor(subject, this.client, this.redirectUrl);
  }

  /** The administrator gives a person a permission on an experiment. */
  async grant(person: string, permission: string, experiment: string): Promise<void> {
    const { user, password } = await this.login('administrator');
    const username = `${person}@example.com`;
    const { path, on } =
      this.release === '3.1.0'
        ? { path: '/api/2.0/mlflow/experiments/permissions/create', on: { experiment_id: experiment } }
        : {
            path: '/api/3.0/mlflow/users/permissions/grant',
            on: { resource_type: 'experiment', resource_id: experiment },
          };
    const { outsider } = this.surroundings;
    const argv = ['curl', '--silent', '--fail-with-body', '--config', '-', '--cacert', outsider.authority];
    const json = JSON.stringify({ username, permission, ...on });
    const data = ['--header', 'Content-Type: application/json', '--data', json];
    await outsider.run([...argv, ...data, this.url + path], { input: `user = "${user}:${password}"\n` });
  }

  private get client(): Client {
    if (!this.registered) throw new Error('not started');
    return this.registered;
  }
}
