import { mkdirSync } from 'node:fs';
import { usesBasicAuth } from '../../lib/components/auth/login';
import { METRICS_FOLDER } from '../../lib/components/monitoring/sidecar';
import { serverCommand } from '../../lib/components/server/command';
import { healthPath } from '../../lib/components/server/lifecycle';
import { prepareVariables } from '../../lib/components/server/variables/prepare';
import { serverVariables } from '../../lib/components/server/variables/server';
import { serviceScheme } from '../../lib/components/service/tls';
import { ARTIFACTS_PATH, TLS_PATH } from '../../lib/components/shared/constants';
import { evaluate } from '../../lib/environment/evaluate';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Variable } from '../../lib/kubernetes/variables';
import { type Answer, type Ask, request } from './http';
import type { Lab, Prepared } from './lab';
import { freePort, run, Service, waitForService } from './process';
import { python, virtualEnvironment } from './tools';

export const administrator = ['admin', 'the administrator: p%ss'] as const;

/** By which the server knows the proxy in front of it. */
export const proxyPassword = 'the password: of the pr%xy';

/** The value of each Secret that the variables of an authentication app name. */
export const appSecret = 'a secret: of the %app, with 32 characters';

/** The login of a user that the environment declares, as the Secret has it. */
export const loginOf = (name: string): readonly [string, string] => [name, `${name}: p@ss%word`];

/** An environment of a release whose PostgreSQL and S3 are the lab's; databases and bucket have the name given. */
export function labEnvironment(lab: Lab, version: string, name: string, more: EnvironmentInput): ResolvedEnvironment {
  const environment: EnvironmentInput = {
    image: { repository: 'registry.example.com/mlflow', tag: version },
    artifacts: { s3: { bucket: name, endpoint: lab.store.url, createBucket: true } },
    ...more,
    server: { resources: { limits: { cpu: 1 } }, ...more.server },
    database: {
      host: lab.postgres.host,
      port: lab.postgres.port,
      name,
      authName: `${name}-auth`,
      create: true,
      tls: { mode: 'disable' },
      ...more.database,
    },
  };
  const { environment: resolved, issues } = evaluate(environment);
  if (!resolved) throw new Error(JSON.stringify(issues));
  return resolved;
}

/** Where the certificate of a server is, in place of the volume of a pod. */
export interface ServedCertificate {
  readonly folder: string;
  readonly ca: string;
}

/** A server that runs with exactly what is synthesized for it, but for what a pod brings: paths, address and port. */
export class RenderedServer {
  private constructor(
    readonly environment: ResolvedEnvironment,
    readonly service: Service,
    readonly url: string,
    /** The folder of counts, which is a volume of its own in a pod. */
    readonly metrics: string,
    /** The CA of its certificate, if it has one. */
    readonly ca?: string,
  ) {}

  /**
   * Prepares and starts.
   *
   * @param program the module that is run, and arguments before those of the server
   * @param tls the folder of the certificate, and its CA, if the environment has one
   * @param port where it listens
   */
  static async start(
    lab: Lab,
    environment: ResolvedEnvironment,
    program: readonly string[] = ['server'],
    tls?: ServedCertificate,
    port?: number,
  ): Promise<RenderedServer> {
    const { version } = environment.release;
    const ini = lab.path('auth.ini');
    const prepared = await prepareRendered(lab, environment, ini);
    if (prepared.code !== 0) throw new Error(`prepare ended with ${prepared.code}: ${prepared.stderr}`);
    const listening = port ?? (await freePort());
    const metrics = lab.path('metrics');
    mkdirSync(metrics);
    const { ca } = tls ?? {};
    const [interpreter = '', m = '', , ...options] = serverCommand(environment);
    const argv = [interpreter, m, ...program, ...options].map((argument) =>
      argument
        .replace('--host=0.0.0.0', '--host=127.0.0.1')
        .replace('--port=5000', `--port=${listening}`)
        .replace(TLS_PATH, tls?.folder ?? TLS_PATH)
        .replace(METRICS_FOLDER, metrics)
        .replace(ARTIFACTS_PATH, lab.volume),
    );
    // A process that is PID 1 of a container and does not ask for SIGTERM ignores it.
    const asPid1 = ['sh', '-c', 'trap "" TERM; exec "$@"', 'sh'];
    const service = lab.keep(
      new Service([...asPid1, ...argv], here(lab, environment, serverVariables(environment), ini)),
    );
    const server = new RenderedServer(
      environment,
      service,
      `${serviceScheme(environment.service)}://127.0.0.1:${listening}`,
      metrics,
      ca,
    );
    const path = healthPath(environment);
    await waitForService(service, `MLflow ${version}`, async () => {
      const { status } = await request(`${server.url}${path ?? '/'}`, { ca });
      // Without a page for it, as for the kubelet: that the port is open.
      return path ? status === 200 : status > 0;
    });
    return server;
  }

  /** A request, by the administrator where nothing else is said. */
  ask(path: string, given: Ask = {}): Promise<Answer> {
    const login = usesBasicAuth(this.environment.auth) ? { login: administrator } : {};
    return request(this.url + path, { ca: this.ca, ...login, ...given });
  }

  /** The answer to a request that must be granted. */
  async must<T>(path: string, given: Ask): Promise<T> {
    const { status, text } = await this.ask(path, given);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text || '{}') as T;
  }

  /** The status that a user gets for a request that reads the database. */
  async search(login: readonly [string, string]): Promise<number> {
    return (await this.ask('/api/2.0/mlflow/experiments/search?max_results=10', { login })).status;
  }
}

/**
 * Runs what prepares a rendered server. `changes`: of the variables, as when a Secret was changed; `image`: what stands
 * for the image.
 */
export async function prepareRendered(
  lab: Lab,
  environment: ResolvedEnvironment,
  ini = lab.path('auth.ini'),
  changes: Readonly<Record<string, string>> = {},
  image = imageOf(environment),
): Promise<Omit<Prepared, 'message'>> {
  return run([python(image), '-m', 'prepare'], {
    ...here(lab, environment, prepareVariables(environment), ini),
    PREPARE_TERMINATION_LOG: lab.path('termination-log'),
    ...changes,
  });
}

/** Runs a program of a Job beside a rendered server, with the variables that are synthesized for it. */
export async function runJob(
  lab: Lab,
  server: Pick<RenderedServer, 'environment' | 'url'>,
  program: string,
  variables: readonly Variable[],
  changes: Readonly<Record<string, string>> = {},
): Promise<Prepared> {
  const { environment, url } = server;
  return lab.run([python(imageOf(environment)), '-m', program], {
    ...here(lab, environment, variables, ''),
    MLFLOW_TRACKING_URI: url,
    ...changes,
  });
}

/** What stands for the image: the packages of the release, with those of an authentication app or a store. */
export function imageOf({ auth, artifacts, backup, release: { version } }: ResolvedEnvironment): string {
  if (auth.app) return 'oidc-auth';
  const { destination } = backup ?? {};
  if (artifacts.azure || destination?.azure) return `azure-${version}`;
  return artifacts.gcs || destination?.gcs ? `gcs-${version}` : version;
}

/** What differs from a pod: paths, and where this machine has the programs. */
export function here(
  lab: Lab,
  environment: ResolvedEnvironment,
  variables: readonly Variable[],
  ini: string,
): Record<string, string> {
  return {
    ...onVolume(lab, asTheKubelet(variables, secretsOf(lab, environment))),
    PATH: `${virtualEnvironment(imageOf(environment))}:${process.env.PATH}`,
    HOME: lab.folder,
    TMPDIR: lab.folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...lab.inPods,
    ...(usesBasicAuth(environment.auth) ? { MLFLOW_AUTH_CONFIG_PATH: ini } : {}),
  };
}

const onVolume = (lab: Lab, variables: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      lab.files[value] ?? (value.startsWith(ARTIFACTS_PATH) ? value.replace(ARTIFACTS_PATH, lab.volume) : value),
    ]),
  );

/** What the kubelet makes of variables: values of Secrets, and other variables in the place of `$(NAME)`. */
function asTheKubelet(variables: readonly Variable[], secrets: Readonly<Record<string, string>>) {
  const environment: Record<string, string> = {};
  for (const variable of variables) {
    const source = 'secret' in variable ? variable.secret : 'configMap' in variable ? variable.configMap : '';
    const value = 'value' in variable ? variable.value : secrets[`${source}/${variable.key}`];
    if (value === undefined && 'optional' in variable && variable.optional) continue;
    if (value === undefined) throw new Error(`no value for ${variable.name}`);
    environment[variable.name] =
      'value' in variable ? value.replace(/\$\((\w+)\)/g, (text, name: string) => environment[name] ?? text) : value;
  }
  return environment;
}

function secretsOf(lab: Lab, { database, artifacts, auth, backup }: ResolvedEnvironment): Record<string, string> {
  const { PGUSER = '', PGPASSWORD = '' } = lab.env('3.18.0');
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = lab.store.credentials;
  const s3 = artifacts.s3?.credentials;
  const copies = backup?.destination.s3?.credentials;
  return {
    [`${database.credentials.secret}/${database.credentials.usernameKey}`]: PGUSER,
    [`${database.credentials.secret}/${database.credentials.passwordKey}`]: PGPASSWORD,
    ...(s3
      ? {
          [`${s3.secret}/${s3.accessKeyIdKey}`]: AWS_ACCESS_KEY_ID,
          [`${s3.secret}/${s3.secretAccessKeyKey}`]: AWS_SECRET_ACCESS_KEY,
        }
      : {}),
    ...(copies
      ? {
          [`${copies.secret}/${copies.accessKeyIdKey}`]: AWS_ACCESS_KEY_ID,
          [`${copies.secret}/${copies.secretAccessKeyKey}`]: AWS_SECRET_ACCESS_KEY,
        }
      : {}),
    ...lab.secrets,
    [`${auth.secret}/${auth.usernameKey}`]: administrator[0],
    [`${auth.secret}/${auth.passwordKey}`]: administrator[1],
    [`${auth.secret}/${auth.flaskSecretKeyKey}`]: 'any long random text',
    [`${auth.secret}/${auth.webhookEncryptionKeyKey}`]: `${'webhooks'.repeat(5)}key=`,
    ...(auth.oidc
      ? {
          [`${auth.oidc.proxySecret}/${auth.oidc.cookieSecretKey}`]: 'a cookie secret of 32 characters',
          [`${auth.oidc.proxySecret}/${auth.oidc.proxyPasswordKey}`]: proxyPassword,
        }
      : {}),
    ...(auth.app?.login
      ? {
          [`${auth.app.login.secret}/${auth.app.login.usernameKey}`]: '',
          [`${auth.app.login.secret}/${auth.app.login.passwordKey}`]: '',
        }
      : {}),
    ...Object.fromEntries(
      Object.values(auth.app?.envReferences ?? {}).map(({ secret, key }) => [`${secret}/${key}`, appSecret]),
    ),
    ...Object.fromEntries(
      auth.users.flatMap(({ name, secret, usernameKey, passwordKey }) => [
        [`${secret}/${usernameKey}`, name],
        [`${secret}/${passwordKey}`, loginOf(name)[1]],
      ]),
    ),
  };
}
