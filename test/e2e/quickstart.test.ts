import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply } from './homelab';
import { JournalClient } from './journal-client';
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
import { changedIn, expectRestricted, reachable } from './pods';
import {
  allReady,
  applyQuickstart,
  crash,
  diff,
  generated,
  IMAGE,
  jobs,
  login,
  pageBlock,
  pagePassword,
  podOf,
  QUICKSTART,
  replace,
  secrets,
  wholeRound,
  withPortForward,
} from './quickstart';

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-e2e-'));
const client = new JournalClient(folder);

beforeAll(() => removeNamespaces(['mlflow', 'stranger']));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await removeNamespaces(['mlflow', 'stranger']);
});

describe('the quickstart in an empty cluster', () => {
  it('becomes ready from one apply and nothing else', async () => {
    const began = Date.now();
    const applied = await applyQuickstart();
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

  it('does what docs/try-it.md says, through its port-forward, its password and its Python', async () => {
    const password = await pagePassword();
    const file = join(folder, 'first.py');
    writeFileSync(file, pageBlock('python'));
    const said = await withPortForward(async () => {
      const env = { ...(await login()), MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_URI: '' };
      return lab('exec', [clientPython('3.18.0'), file], { env });
    });
    expect(said).toContain('it works');
  });

  it('changes nothing when it is applied again', async () => {
    expect(changedIn((await applyQuickstart()).stdout)).toEqual([]);
    expect(await diff()).toMatchObject({ code: 0, stdout: '' });
  });

  it('is admitted under Pod Security restricted', expectRestricted);
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

  it('lets the server alone to the database and the store, and the generator to the API server and DNS alone', async () => {
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
      // An API server may have a name.
      ['mlflow', 'secret-generator', [`${cluster}:443`, `${dns}:53`]],
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
      await client.during(`${component}-crashed`, () => crash(component));
      await client.during(`${component}-replaced`, () => replace(component));
      await client.losesNothing();
    },
  );

  it('when the workloads are deleted, as the page says, and applied again', async () => {
    const before = await secrets();
    const [command = ''] = /kubectl delete -R -f dist\/quickstart -l .*/.exec(pageBlock('sh', 'notin')) ?? [];
    await lab('exec', ['sh', '-c', command.replace('dist/quickstart', QUICKSTART)]);
    await until(
      'no pod is left',
      120,
      async () => (await kubectl(['-n', 'mlflow', 'get', 'pods', '-o', 'name'])) === '',
    );
    expect((await applyQuickstart()).code).toBe(0);
    await allReady();
    expect(await secrets()).toEqual(before);
    await client.losesNothing();
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
    await client.losesNothing();
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
    await client.losesNothing();
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
    // What is there stays; a key that newer releases of MLflow read is added.
    const added = 'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY';
    expect((await secrets())['mlflow-basic-auth']).toEqual({ ...before, [added]: expect.any(String) });
    const logs = await Promise.all((await jobs()).map((job) => kubectl(['-n', 'mlflow', 'logs', job])));
    expect(
      logs.filter((text) => text.includes(`Secret mlflow/mlflow-basic-auth: exists; added ${added}`)),
    ).toHaveLength(1);
    expect(await wholeRound('own-login')).toMatchObject({ version: '1' });
  });
});
