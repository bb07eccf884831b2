import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from './homelab';
import {
  applyObjects,
  clientPython,
  kubectl,
  lab,
  namespace,
  removeNamespaces,
  secret,
  tryKubectl,
  until,
} from './lab';
import { reachable } from './pods';
import {
  allReady,
  crash,
  IMAGE,
  journal,
  login,
  podOf,
  QUICKSTART,
  readmeBlock,
  readmePassword,
  replace,
  secrets,
  wholeRound,
  withPortForward,
} from './quickstart';

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-e2e-'));
const notes = join(folder, 'journal');

beforeAll(() => removeNamespaces(['mlflow', 'stranger']));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await removeNamespaces(['mlflow', 'stranger']);
});

interface Written {
  readonly noted: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
}

interface Verified {
  readonly found: Readonly<Record<string, number>>;
  readonly lost: readonly unknown[];
}

const acknowledged = () => (existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').length : 0);
const moreAcknowledged = () => {
  const before = acknowledged();
  return until('the client is answered', 90, async () => acknowledged() > before + 10);
};

/** Does something while a client writes, which it did before and does again afterwards. */
async function underClient(name: string, task: () => Promise<void>): Promise<void> {
  const stop = join(folder, `stop-${name}`);
  const writing = journal<Written>('write', notes, stop);
  try {
    await moreAcknowledged();
    await task();
    await moreAcknowledged();
  } finally {
    writeFileSync(stop, '');
  }
  console.log(`${name}, under a client: ${JSON.stringify(await writing)}`);
}

/** Everything that was ever acknowledged is there. */
async function nothingIsLost(): Promise<void> {
  const { found, lost } = await journal<Verified>('verify', notes);
  console.log(`acknowledged and there: ${JSON.stringify(found)}`);
  expect(lost).toEqual([]);
  for (const kind of ['run', 'metric', 'artifact']) expect(found[kind]).toBeGreaterThan(0);
}

const diff = () => tryKubectl(['diff', '-R', '-f', QUICKSTART]);
const applyQuickstart = () => tryKubectl(['apply', '-R', '-f', QUICKSTART]);
const generated = ['mlflow-basic-auth', 'mlflow-db-credentials', 'mlflow-s3-secret'];
const jobs = async () => (await kubectl(['-n', 'mlflow', 'get', 'jobs', '-o', 'name'])).split('\n').filter(Boolean);

describe('the quickstart in an empty cluster', () => {
  it('becomes ready from one apply and nothing else', async () => {
    const began = Date.now();
    const applied = await tryKubectl(['apply', '-R', '-f', QUICKSTART]);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    await allReady();
    console.log(`Ready ${((Date.now() - began) / 1000).toFixed(0)} s after the apply began`);
    expect(Object.keys(await secrets())).toEqual(generated);
  });

  it('leaves a clear line for each Secret, and no value of one in any log', async () => {
    const logs = await Promise.all((await jobs()).map((job) => kubectl(['-n', 'mlflow', 'logs', job])));
    for (const name of generated) {
      expect(logs.filter((text) => text.includes(`Secret mlflow/${name}: created, with `))).toHaveLength(1);
    }
    const pods = await Promise.all(
      ['database', 'object-store', 'server'].map(async (component) => (await podOf(component)).name),
    );
    const others = pods.map((pod) => kubectl(['-n', 'mlflow', 'logs', pod, '--all-containers', '--tail=-1']));
    const said = [...logs, ...(await Promise.all(others)), await kubectl(['-n', 'mlflow', 'describe', 'pods'])].join(
      '',
    );
    for (const data of Object.values(await secrets())) {
      const values = Object.values(data).map((value) => Buffer.from(value, 'base64').toString());
      for (const value of values.filter((each) => each.length > 10)) expect(said.includes(value)).toBe(false);
    }
  });

  it('serves a whole client round, with an artifact of 20 MB, to the generated login', async () => {
    expect(await wholeRound('first')).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
  });

  it('does what the README says, through its port-forward, its password and its Python', async () => {
    const password = await readmePassword();
    const file = join(folder, 'first.py');
    writeFileSync(file, readmeBlock('python'));
    const said = await withPortForward(async () => {
      const env = { ...(await login()), MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_URI: '' };
      return lab('exec', [clientPython('3.18.0'), file], { env });
    });
    expect(said).toContain('it works');
  });

  it('changes nothing when it is applied again', async () => {
    const { stdout } = await applyQuickstart();
    const changed = stdout
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith(' unchanged'));
    expect(changed).toEqual([]);
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  it('is admitted under Pod Security restricted', async () => {
    const path = 'jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
    expect(await kubectl(['get', 'namespace', 'mlflow', '-o', path])).toBe('restricted');
    const events = await kubectl(['-n', 'mlflow', 'get', 'events', '-o', 'jsonpath={..message}']);
    expect(events).not.toContain('violates PodSecurity');
  });
});

describe('network policies', () => {
  const address = async (component: string, port: number) => {
    const { name } = await podOf(component);
    return `${await kubectl(['-n', 'mlflow', 'get', 'pod', name, '-o', 'jsonpath={.status.podIP}'])}:${port}`;
  };
  const labels = (component: string) => ({
    'app.kubernetes.io/name': 'mlflow',
    'app.kubernetes.io/instance': 'mlflow',
    'app.kubernetes.io/component': component,
  });

  it('lets the server alone to the database and the store, and the generator to the API server alone', async () => {
    await applyObjects([namespace('stranger')]);
    const stores = [await address('database', 5432), await address('object-store', 7070)];
    const server = await address('server', 5000);
    const cluster = (await kubectl(['get', 'service', 'kubernetes', '-o', 'jsonpath={.spec.clusterIP}'])).trim();
    const dns = (
      await kubectl(['-n', 'kube-system', 'get', 'service', 'kube-dns', '-o', 'jsonpath={.spec.clusterIP}'])
    ).trim();
    const every = [...stores, server, `${cluster}:443`, `${dns}:53`];
    const allowed: readonly [namespace: string, component: string | undefined, string[]][] = [
      ['stranger', undefined, [`${cluster}:443`, `${dns}:53`]],
      // Its own namespace lets it to the server, but not past it.
      ['mlflow', undefined, [server, `${cluster}:443`, `${dns}:53`]],
      ['mlflow', 'server', [...stores, `${dns}:53`]],
      ['mlflow', 'secret-generator', [`${cluster}:443`]],
      ['mlflow', 'database', []],
      ['mlflow', 'object-store', []],
    ];
    const found = allowed.map(async ([where, component]) => [
      where,
      component,
      await reachable(
        {
          namespace: where,
          name: `reaches-as-${component ?? 'nobody'}`,
          image: IMAGE,
          labels: component ? labels(component) : {},
        },
        every,
      ),
    ]);
    expect(await Promise.all(found)).toEqual(allowed);
  });

  it('gives the generator the right to make Secrets and to read its own, and no other', async () => {
    const account = '--as=system:serviceaccount:mlflow:mlflow-secret-generator';
    const may = async (...given: string[]) =>
      (await tryKubectl(['-n', 'mlflow', 'auth', 'can-i', ...given, account])).stdout.trim();
    expect(await may('create', 'secrets')).toBe('yes');
    expect(await may('get', 'secret/mlflow-basic-auth')).toBe('yes');
    for (const [verb, what] of [
      ['get', 'secrets'],
      ['get', 'secret/another'],
      ['list', 'secrets'],
      ['update', 'secret/mlflow-basic-auth'],
      ['delete', 'secret/mlflow-basic-auth'],
      ['patch', 'jobs'],
      ['create', 'pods'],
    ] as const) {
      expect([verb, what, await may(verb, what)]).toEqual([verb, what, 'no']);
    }
  });
});

describe('nothing that was acknowledged is lost', () => {
  it.each(['server', 'database', 'object-store'])(
    'when the processes of the %s are killed under a client, and when its pod is removed by force',
    async (component) => {
      await underClient(`${component}-crashed`, () => crash(component));
      await underClient(`${component}-replaced`, () => replace(component));
      await nothingIsLost();
    },
  );

  it('when the workloads are deleted, as the README says, and applied again', async () => {
    const before = await secrets();
    const [command = ''] = /kubectl delete -R -f dist\/quickstart -l .*/.exec(readmeBlock('sh', 'notin')) ?? [];
    await lab('exec', ['sh', '-c', command.replace('dist/quickstart', QUICKSTART)]);
    await until(
      'no pod is left',
      120,
      async () => (await kubectl(['-n', 'mlflow', 'get', 'pods', '-o', 'name'])) === '',
    );
    expect((await applyQuickstart()).code).toBe(0);
    await allReady();
    expect(await secrets()).toEqual(before);
    await nothingIsLost();
  });

  it('when the node is stopped and started', async () => {
    await lab('down', [], { seconds: 120 });
    await lab('up', [], { seconds: 180 });
    // The pods of before are still listed as they were until the node has looked.
    await until('a client is answered', 240, async () => {
      const ended = await tryKubectl([
        '-n',
        'mlflow',
        'get',
        '--raw',
        '/api/v1/namespaces/mlflow/services/mlflow:5000/proxy/health',
      ]);
      return ended.code === 0;
    });
    await allReady();
    await nothingIsLost();
  });
});

describe('Secrets', () => {
  it.each(generated)('recreates %s when it is deleted, and keeps the others', async (name) => {
    const before = await secrets();
    await kubectl(['-n', 'mlflow', 'delete', 'secret', name, '--cascade=foreground']);
    expect(await jobs()).toHaveLength(2);
    expect((await applyQuickstart()).code).toBe(0);
    await until('it is there', 60, async () => name in (await secrets()));
    const after = await secrets();
    const isAsBefore = (other: string) => JSON.stringify(after[other]) === JSON.stringify(before[other]);
    expect(generated.filter((other) => !isAsBefore(other))).toEqual([name]);
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  it('uses the new ones after a restart, and loses nothing', async () => {
    await kubectl(['-n', 'mlflow', 'rollout', 'restart', 'deployment,statefulset']);
    await allReady();
    await nothingIsLost();
    expect(await wholeRound('new-secrets')).toMatchObject({ version: '1' });
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  it('takes those that are there already, after a server-side dry run and with two applies at once', async () => {
    await removeNamespaces(['mlflow']);
    await apply(join(QUICKSTART, '00-namespace.k8s.yaml'));
    const dry = await tryKubectl(['apply', '--server-side', '--dry-run=server', '-R', '-f', QUICKSTART]);
    expect({ ...dry, stdout: '' }).toEqual({ code: 0, stderr: '', stdout: '' });
    const password = 'chosen before the first apply';
    const own = {
      MLFLOW_TRACKING_USERNAME: 'somebody',
      MLFLOW_TRACKING_PASSWORD: password,
      MLFLOW_FLASK_SERVER_SECRET_KEY: 'any text that is long enough',
    };
    await applyObjects([secret('mlflow', 'mlflow-basic-auth', own)]);
    const before = (await secrets())['mlflow-basic-auth'];
    const both = await Promise.all([applyQuickstart(), applyQuickstart()]);
    // kubectl's own words where the other one was faster; nothing else may go wrong.
    for (const { stderr } of both) {
      for (const line of stderr.split('\n').filter(Boolean))
        expect(line).toMatch(/AlreadyExists|already exists|conflict/i);
    }
    expect((await applyQuickstart()).code).toBe(0);
    await allReady();
    expect(Object.keys(await secrets())).toEqual(generated);
    expect((await secrets())['mlflow-basic-auth']).toEqual(before);
    const logs = await Promise.all((await jobs()).map((job) => kubectl(['-n', 'mlflow', 'logs', job])));
    expect(
      logs.filter((text) => text.includes('Secret mlflow/mlflow-basic-auth: exists, left unchanged')),
    ).toHaveLength(1);
    expect(await wholeRound('own-login')).toMatchObject({ version: '1' });
  });
});
