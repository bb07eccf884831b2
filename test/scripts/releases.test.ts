import fc from 'fast-check';
import { parseEnvironment } from '../../lib/environment/parse';
import { serverCommand } from '../../lib/mlflow/command';
import { defineEnvironment } from '../../lib/mlflow/define';
import { corsAllowedOrigins } from '../../lib/mlflow/hosts';
import { probes, stopCommand } from '../../lib/mlflow/lifecycle';
import { optionsOf } from '../../lib/mlflow/options';
import { KNOWN_RELEASES, release as releaseOf } from '../../lib/mlflow/releases';
import { resolve } from '../../lib/mlflow/resolve';
import type { ResolvedEnvironment } from '../../lib/mlflow/resolved-environment';
import { prepareVariables, serverVariables, type Variable } from '../../lib/mlflow/variables';
import { randomEnvironmentOf } from '../random-environment';
import { type Answer, type Ask, request } from './http';
import { Lab } from './lab';
import { literal } from './postgres';
import { freePort, run, Service, waitFor, waitForService } from './process';
import { python, runReleases, script, scripts, virtualEnvironment } from './tools';

/** Real servers of each kind of release, started with exactly what is synthesized for it. */

const admin = ['admin', 'the administrator: p%ss'] as const;

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** An environment that uses what differs between releases; PostgreSQL and S3 are the lab's. */
function environmentOf(version: string): ResolvedEnvironment {
  return defineEnvironment({
    image: { repository: 'registry.example.com/mlflow', tag: version },
    server: {
      resources: { limits: { cpu: 1 } },
      allowedHosts: ['mlflow.example.com'],
      corsAllowedOrigins: ['https://mlflow.example.com'],
    },
    database: {
      host: lab.postgres.host,
      port: lab.postgres.port,
      name: `release-${version}`,
      authName: `release-${version}-auth`,
      create: true,
      tls: { mode: 'disable' },
    },
    artifacts: { s3: { bucket: `release-${version}`, endpoint: lab.store.url, createBucket: true } },
    // The one release that cannot: every request with a login fails there.
    auth: { enabled: !version.startsWith('3.3.') },
    service: {
      type: 'LoadBalancer',
      loadBalancerIP: '192.168.1.201',
      nodePort: 30800,
      nodeAddresses: ['192.168.1.85'],
    },
  });
}

/** What the kubelet makes of variables: values of Secrets, and other variables in the place of `$(NAME)`. */
function asTheKubelet(variables: readonly Variable[], secrets: Readonly<Record<string, string>>) {
  const environment: Record<string, string> = {};
  for (const variable of variables) {
    const value = 'value' in variable ? variable.value : secrets[`${variable.secret}/${variable.key}`];
    if (value === undefined) throw new Error(`no value for ${variable.name}`);
    environment[variable.name] =
      'value' in variable ? value.replace(/\$\((\w+)\)/g, (text, name: string) => environment[name] ?? text) : value;
  }
  return environment;
}

function secretsOf({ database, artifacts, auth }: ResolvedEnvironment): Record<string, string> {
  const { PGUSER = '', PGPASSWORD = '' } = lab.env('3.18.0');
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = lab.store.credentials;
  const s3 = artifacts.s3.credentials;
  return {
    [`${database.credentials.secret}/${database.credentials.usernameKey}`]: PGUSER,
    [`${database.credentials.secret}/${database.credentials.passwordKey}`]: PGPASSWORD,
    [`${s3.secret}/${s3.accessKeyIdKey}`]: AWS_ACCESS_KEY_ID,
    [`${s3.secret}/${s3.secretAccessKeyKey}`]: AWS_SECRET_ACCESS_KEY,
    [`${auth.secret}/${auth.usernameKey}`]: admin[0],
    [`${auth.secret}/${auth.passwordKey}`]: admin[1],
    [`${auth.secret}/${auth.flaskSecretKeyKey}`]: 'any long random text',
  };
}

describe.each(runReleases)('MLflow %s', (version) => {
  const release = releaseOf(version);
  let environment: ResolvedEnvironment;
  let server: Service;
  let url = '';

  /** What differs from a pod: paths, and where this machine has the programs. */
  const here = (variables: readonly Variable[], ini: string): Record<string, string> => ({
    ...asTheKubelet(variables, secretsOf(environment)),
    PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
    HOME: lab.folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(environment.auth.enabled ? { MLFLOW_AUTH_CONFIG_PATH: ini } : {}),
    ...(environment.authenticationCache === 'module' ? { PYTHONPATH: scripts } : {}),
  });
  const ask = (path: string, given: Ask = {}): Promise<Answer> =>
    request(url + path, { ...(environment.auth.enabled ? { login: admin } : {}), ...given });
  const must = async <T>(path: string, given: Ask): Promise<T> => {
    const { status, text } = await ask(path, given);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text || '{}') as T;
  };

  beforeAll(async () => {
    environment = environmentOf(version);
    const [ini, port] = [lab.path('auth.ini'), await freePort()];
    const prepared = await run([python(version), script('prepare.py')], {
      ...here(prepareVariables(environment), ini),
      PREPARE_TERMINATION_LOG: lab.path('termination-log'),
    });
    if (prepared.code !== 0) throw new Error(`prepare ended with ${prepared.code}: ${prepared.stderr}`);
    const argv = serverCommand(environment).map((argument) =>
      argument.replace('--host=0.0.0.0', '--host=127.0.0.1').replace('--port=5000', `--port=${port}`),
    );
    // The launcher ignores SIGTERM where it is PID 1 of a container and does not ask for the signal.
    const asPid1 = release.can('signals') ? [] : ['sh', '-c', 'trap "" TERM; exec "$@"', 'sh'];
    server = lab.keep(new Service([...asPid1, ...argv], here(serverVariables(environment), ini)));
    url = `http://127.0.0.1:${port}`;
    const { path = '/health' } = probes(environment);
    await waitForService(server, `MLflow ${version}`, async () => (await request(url + path)).status === 200);
  });

  test('is in the table with the schemas and the options that the program has', async () => {
    const program = `
import json, pathlib, mlflow
from mlflow.cli import server
from alembic.config import Config
from alembic.script import ScriptDirectory
def head(folder):
    config = Config()
    config.set_main_option("script_location", str(pathlib.Path(mlflow.__file__).parent / folder))
    return ScriptDirectory.from_config(config).get_current_head()
options = [name[2:] for each in server.params for name in each.opts + each.secondary_opts if name.startswith("--")]
print(json.dumps([mlflow.__version__, head("store/db_migrations"), head("server/auth/db/migrations"), sorted(set(options) - {"help"})]))
`;
    const { stdout } = await run([python(version), '-c', program], lab.env('3.18.0'));
    const known = KNOWN_RELEASES.find((row) => row.version === version);
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([
      version,
      known?.trackingSchema,
      known?.authSchema,
      optionsOf(release).sort(),
    ]);
  });

  test('understands the command line of random environments', async () => {
    const drawn = fc.sample(randomEnvironmentOf(version), { numRuns: 40, seed: 20261123 });
    const commands = drawn.flatMap((input) => {
      const { environment: parsed } = parseEnvironment({ ...input, patches: [] });
      const resolved = parsed && resolve(parsed).environment;
      return resolved ? [serverCommand(resolved).slice(2)] : [];
    });
    expect(commands.length).toBeGreaterThan(25);
    const program = `
import json, sys
from mlflow.cli import server
faults = []
for argv in json.load(sys.stdin):
    try:
        # The one option that names a file wants it to be there.
        server.make_context("server", [each.replace("/data/traces.yaml", sys.executable) for each in argv])
    except BaseException as error:
        faults.append([argv, getattr(error, "message", repr(error))])
print(json.dumps(faults))
`;
    const { stdout } = await run([python(version), '-c', program], lab.env('3.18.0'), JSON.stringify(commands));
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual([]);
  });

  test('answers the kubelet, which names the address of the pod and has no login', async () => {
    const { path = '/health' } = probes(environment);
    expect((await request(url + path, { headers: { host: '10.244.0.7:5000' } })).status).toBe(200);
  });

  test('serves a client: experiment, run, metric and artifact', async () => {
    const api = '/api/2.0/mlflow';
    const experiment = await must<{ experiment_id: string }>(`${api}/experiments/create`, { json: { name: 'round' } });
    const created = await must<{ run: { info: { run_id: string } } }>(`${api}/runs/create`, { json: experiment });
    const { run_id } = created.run.info;
    await must(`${api}/runs/log-metric`, { json: { run_id, key: 'loss', value: 0.5, timestamp: 1, step: 1 } });
    const history = `${api}/metrics/get-history?run_id=${run_id}&metric_key=loss&max_results=10`;
    expect((await must<{ metrics: unknown[] }>(history, {})).metrics).toHaveLength(1);
    const artifact = '/api/2.0/mlflow-artifacts/artifacts/round/hello.txt';
    await must(artifact, { method: 'PUT', body: 'hello' });
    expect(await ask(artifact)).toEqual({ status: 200, text: 'hello' });
  });

  test('lets in whom it should', async () => {
    const search = '/api/2.0/mlflow/experiments/search?max_results=1';
    expect((await ask(search)).status).toBe(200);
    const wrong = environment.auth.enabled ? 401 : 200;
    expect((await request(url + search)).status).toBe(wrong);
    expect((await request(url + search, { login: [admin[0], 'not the password'] })).status).toBe(wrong);
  });

  test('takes every host and origin that the environment names, and no other where it looks', async () => {
    const names = ['mlflow', 'mlflow.mlflow', 'mlflow.mlflow.svc', 'mlflow.mlflow.svc.cluster.local'];
    const hosts = [
      ...names,
      'localhost',
      '127.0.0.1',
      '[::1]',
      '192.168.1.201',
      '192.168.1.85',
      '10.244.0.7',
      '[fd00::7]',
      'mlflow.example.com',
    ];
    const origins = [...corsAllowedOrigins(environment), 'http://localhost:5001', 'http://127.0.0.1:8080'];
    const search = '/2.0/mlflow/experiments/search';
    const foreign = release.can('hostCheck') ? 403 : 200;
    const wanted: [what: string, status: number][] = [
      ...hosts.flatMap((host): [string, number][] => [
        [`/ajax-api host ${host}`, 200],
        [`/ajax-api host ${host}:5000`, 200],
      ]),
      ['/ajax-api host evil.example', foreign],
      ['/ajax-api host evil.example:5000', foreign],
      ...origins.flatMap((origin): [string, number][] => [
        [`/ajax-api origin ${origin}`, 200],
        [`/api origin ${origin}`, 200],
      ]),
      ['/api origin https://evil.example', foreign],
      ['/ajax-api origin https://evil.example', release.can('pageOriginCheck') ? 403 : 200],
    ];
    const found: [string, number][] = [];
    for (const [what] of wanted) {
      const [prefix = '', header = '', value = ''] = what.split(' ');
      const { status } = await ask(prefix + search, { json: { max_results: 1 }, headers: { [header]: value } });
      found.push([what, status]);
    }
    expect(found).toEqual(wanted);
  });

  test('ends as rendered: after the hook and SIGTERM, in seconds, with no connection left', async () => {
    const [, , , ...more] = stopCommand(environment);
    const argv = [python(version), script('stop.py'), '0', ...more, '--parent', `${server.pid}`];
    expect(await run(argv, {})).toEqual({ code: 0, stdout: '', stderr: '' });
    const began = Date.now();
    server.signal('SIGTERM');
    await server.end(30_000);
    expect(Date.now() - began).toBeLessThan(20_000);
    const left = `SELECT count(*) FROM pg_stat_activity WHERE datname = ${literal(`release-${version}`)}`;
    await waitFor('the connections to go', async () => (await lab.postgres.sql('postgres', left)) === '0');
  });
});
