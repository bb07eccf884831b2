import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Answer } from './http';
import type { Lab } from './lab';
import { administrator, loginOf } from './pod-variables';
import { labEnvironment, type RenderedServer, toPrepare } from './rendered-server';

/** Users of `auth.users`, and what they may do on a real server. */

export const cacheSeconds = 3;

export type Login = readonly [string, string];
export type Permission = ResolvedEnvironment['auth']['defaultPermission'];
export type Users = Readonly<Record<string, Permission>>;

/** An environment with users, by name, each with a permission. */
export const declareUsers = (
  lab: Lab,
  version: string,
  name: string,
  users: Users,
  defaultPermission: Permission = 'READ',
) =>
  labEnvironment(lab, version, name, {
    auth: {
      cacheSeconds,
      defaultPermission,
      users: Object.entries(users).map(([user, permission]) => ({ name: user, permission })),
    },
  });

/** Prepares once more, as the next pod does; what it says. */
export async function prepareUsers(
  lab: Lab,
  environment: ResolvedEnvironment,
  changes: Readonly<Record<string, string>> = {},
) {
  const { code, stdout, stderr } = await lab.prepareForked(
    environment.release.version,
    toPrepare(lab, environment, lab.path('auth.ini'), changes),
  );
  if (code !== 0) throw new Error(`prepare ended with ${code}: ${stderr}`);
  return stdout;
}

export const api = '/api/2.0/mlflow';
const api3 = '/api/3.0/mlflow';

/** Gives a user a permission for one experiment, as an administrator or whoever may does. */
export function grant(
  server: RenderedServer,
  experiment_id: string,
  username: string,
  permission: string,
  login: Login = administrator,
): Promise<Answer> {
  const json = server.environment.release.can('wildcardGrants')
    ? { username, permission, resource_type: 'experiment', resource_id: experiment_id }
    : { username, permission, experiment_id };
  const path = 'resource_type' in json ? `${api3}/users/permissions/grant` : `${api}/experiments/permissions/create`;
  return server.ask(path, { method: 'POST', json, login });
}

/** An experiment with a run, and a model, all of one name. */
export class Things {
  private constructor(
    private readonly server: RenderedServer,
    readonly name: string,
    readonly experiment: string,
    readonly run: string,
  ) {}

  static async make(server: RenderedServer, name: string, login: Login = administrator): Promise<Things> {
    const created = await server.must<{ experiment_id: string }>(`${api}/experiments/create`, {
      json: { name },
      login,
    });
    await server.must(`${api}/registered-models/create`, { json: { name }, login });
    return new Things(server, name, created.experiment_id, await newRun(server, created.experiment_id));
  }

  /** Which deeds are granted to a user. */
  async granted(user: string): Promise<readonly string[]> {
    const { name, experiment, run: run_id, server } = this;
    const login = loginOf(user);
    const post = (path: string, json: unknown) => server.ask(path, { method: 'POST', json, login });
    const artifact = `/api/2.0/mlflow-artifacts/artifacts/${experiment}/${run_id}/artifacts/${user}.txt`;
    const requests: Record<string, () => Promise<Answer>> = {
      'read a run': () => server.ask(`${api}/runs/get?run_id=${run_id}`, { login }),
      'read a model': () => server.ask(`${api}/registered-models/get?name=${name}`, { login }),
      'log a metric': () => post(`${api}/runs/log-metric`, { run_id, key: 'loss', value: 0.5, timestamp: 1, step: 1 }),
      'upload an artifact': () => server.ask(artifact, { method: 'PUT', body: 'hello', login }),
      'tag a model': () => post(`${api}/registered-models/set-tag`, { name, key: 'by', value: user }),
      'delete a run': async () => post(`${api}/runs/delete`, { run_id: await newRun(server, experiment) }),
      'grant to others': () => grant(server, experiment, `other-${user}`, 'READ', login),
      'read users': () => server.ask(`${api}/users/get?username=admin`, { login }),
    };
    const deeds: string[] = [];
    for (const [deed, request] of Object.entries(requests)) {
      const { status, text } = await request();
      if (status === 200 || text.includes('RESOURCE_ALREADY_EXISTS')) deeds.push(deed);
      else if (status !== 403) throw new Error(`${user}, ${deed}: ${status} ${text}`);
    }
    const list = await server.ask(`${api}/experiments/search?max_results=1000`, { login });
    if (list.text.includes(`"${name}"`)) deeds.push('list experiments');
    const runs = await post(`${api}/runs/search`, { experiment_ids: [experiment], max_results: 100 });
    if (runs.text.includes(run_id)) deeds.push('search runs');
    return deeds;
  }
}

async function newRun(server: RenderedServer, experiment_id: string): Promise<string> {
  const created = await server.must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, {
    json: { experiment_id },
  });
  return created.run.info.run_id;
}

export const read = ['read a run', 'read a model'];
export const found = ['list experiments', 'search runs'];
export const edit = ['log a metric', 'upload an artifact', 'tag a model'];
const manage = ['delete a run', 'grant to others'];

/** What docs/users.md says. */
export function allowed(permission: Permission): readonly string[] {
  if (permission === 'MANAGE') return [...read, ...edit, ...manage, ...found];
  if (permission === 'EDIT') return [...read, ...edit, ...found];
  if (permission === 'READ') return [...read, ...found];
  return [];
}

export const four: Users = { nobody: 'NO_PERMISSIONS', reader: 'READ', editor: 'EDIT', manager: 'MANAGE' };
export const userOf = (permission: Permission) => Object.keys(four).find((name) => four[name] === permission) ?? '';
