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
import { administrator, here, imageOf } from './pod-variables';
import { freePort } from './ports';
import { Service, waitForService } from './process';
import { python } from './tools';

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
): Promise<Prepared> {
  return lab.prepare(image, toPrepare(lab, environment, ini, changes));
}

/** The variables of what prepares a rendered server. */
export const toPrepare = (
  lab: Lab,
  environment: ResolvedEnvironment,
  ini: string,
  changes: Readonly<Record<string, string>>,
) => ({ ...here(lab, environment, prepareVariables(environment), ini), ...changes });

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
