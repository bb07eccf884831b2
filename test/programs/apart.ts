import type { Lab } from './lab';
import { loginOf } from './pod-variables';
import { labEnvironment, RenderedServer } from './rendered-server';
import { releases } from './tools';

/** Two users that have nothing in common, on servers of several releases. */

export const api = '/api/2.0/mlflow';
export const artifacts = '/api/2.0/mlflow-artifacts/artifacts';

/** The oldest and the newest, and one before roles that has the AI gateway. */
export const versions = [...releases, '3.11.1'];

const servers = new Map<string, RenderedServer>();
let count = 0;

/** A name that nothing has yet. */
export function unique(name: string): string {
  count += 1;
  return `${name}-${count}`;
}

/** A server of a release, with two users of a permission, which is the default, too. */
export async function start(
  lab: Lab,
  name: string,
  version: string,
  permission: 'NO_PERMISSIONS' | 'READ' = 'NO_PERMISSIONS',
): Promise<void> {
  const users = ['maker', 'other'].map((user) => ({ name: user, permission }));
  const environment = labEnvironment(lab, version, name, { auth: { defaultPermission: permission, users } });
  servers.set(name, await RenderedServer.start(lab, environment));
}

/** What a user asks a server. */
export class User {
  private readonly login: readonly [string, string];
  private readonly server: RenderedServer;

  constructor(
    server: string,
    readonly name: string,
  ) {
    const found = servers.get(server);
    if (!found) throw new Error(`no server ${server}`);
    this.server = found;
    this.login = loginOf(name);
  }

  ask = (path: string, json?: unknown, method?: string) =>
    this.server.ask(path, { login: this.login, json, ...(method ? { method } : {}) });

  must = <T>(path: string, json?: unknown): Promise<T> => this.server.must<T>(path, { login: this.login, json });

  async experiment(name = unique('experiment')): Promise<string> {
    return (await this.must<{ experiment_id: string }>(`${api}/experiments/create`, { name })).experiment_id;
  }

  /** The folder of a run, with its id. */
  async run(experiment: string): Promise<{ readonly id: string; readonly folder: string }> {
    const body = { experiment_id: experiment };
    const { run } = await this.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, body);
    return { id: run.info.run_id, folder: `${experiment}/${run.info.run_id}/artifacts` };
  }

  async upload(path: string): Promise<void> {
    const { status } = await this.server.ask(`${artifacts}/${path}`, {
      login: this.login,
      method: 'PUT',
      body: 'content',
    });
    expect(status).toBe(200);
  }

  async status(path: string): Promise<number> {
    return (await this.ask(path)).status;
  }
}

/** The users of a server. */
export const usersOf = (server: string) => [new User(server, 'maker'), new User(server, 'other')] as const;
