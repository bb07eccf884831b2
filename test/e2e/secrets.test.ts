import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientCode } from './clients';
import { apply, removeVariants, sql, startController, synthesizeText, synthesizeVariant } from './homelab';
import {
  applyObjects,
  CREDENTIALS,
  kubectl,
  lab,
  lastJson,
  namespace,
  removeNamespaces,
  rolledOut,
  secret,
  secretValues,
  tryKubectl,
  until,
} from './lab';
import { pythonInPod } from './pods';
import { applyAuthority, IMAGE, NAMESPACE, NODE_SIZED, removeProduction, startProduction } from './production';
import { fillVault, refresh, removeOperator, startOperator } from './secrets/operator';
import { Sops } from './secrets/sops';
import {
  ADMIN_PASSWORD,
  applyDatabaseSecret,
  applyStore,
  CLIENTS,
  NAMESPACES,
  SOURCES,
  synthesizeSources,
} from './secrets/sources';
import { VAULT } from './vault';

/** Secrets by the External Secrets operator itself, and from several sources at once: `npm run test:secrets`. */

beforeAll(async () => {
  await removeNamespaces(NAMESPACES);
  await Promise.all([startProduction(), startOperator()]);
});
afterAll(async () => {
  removeVariants();
  // The operator has to let its objects go before it leaves.
  await removeNamespaces(NAMESPACES);
  await removeProduction();
  await removeOperator();
  await lab('sealed-secrets', ['down']);
});

const vaultOf = (changed: Readonly<Record<string, Readonly<Record<string, string>>>> = {}) =>
  Object.fromEntries(
    Object.entries({ ...VAULT, ...changed }).map(([name, values]) => [`mlflow/production/${name}`, values]),
  );

/** A pod of a client that knows the server and logs in by what its namespace was given. */
const given = (namespace: string, name: string) => ({
  namespace,
  name,
  image: IMAGE,
  envFrom: [{ configMapRef: { name: 'mlflow-client' } }, { secretRef: { name: 'mlflow-client' } }],
  env: [
    { name: 'HOME', value: '/tmp' },
    { name: 'MLFLOW_DISABLE_TELEMETRY', value: 'true' },
  ],
});

interface ExternalSecret {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: {
    readonly data: readonly { readonly secretKey: string; readonly remoteRef: { key: string; property: string } }[];
  };
}

describe('the production environment, from a store', () => {
  let output = '';

  it('becomes ready from one apply, before and after which nothing was created by hand', async () => {
    await fillVault(vaultOf());
    output = await synthesizeVariant('production', NODE_SIZED, 'production');
    await apply(join(output, '00-namespace.k8s.yaml'));
    await kubectl(['label', 'namespace', NAMESPACE, 'mlflow-lab/requests=keep']);
    expect(await tryKubectl(['apply', '-R', '-f', output])).toMatchObject({ code: 0, stderr: '' });
    await applyAuthority();
    await rolledOut(500, NAMESPACE);
  });

  it('has each value of the store in its Secret, and no other', async () => {
    const { items } = JSON.parse(await kubectl(['get', 'externalsecrets', '-A', '-o', 'json'])) as {
      items: ExternalSecret[];
    };
    expect(items.length).toBeGreaterThan(8);
    const vault = vaultOf();
    for (const { metadata, spec } of items) {
      const wanted = spec.data.map(({ secretKey, remoteRef: { key, property } }) => [
        secretKey,
        vault[key]?.[property],
      ]);
      expect(await secretValues(metadata.namespace, metadata.name)).toEqual(Object.fromEntries(wanted));
    }
  });

  it('differs in nothing from what the operator made of it', async () => {
    expect(await tryKubectl(['diff', '-f', join(output, 'secrets.k8s.yaml')])).toMatchObject({ code: 0, stdout: '' });
  });

  it('serves clients by a value that was rotated in the store, and refuses the old one', async () => {
    const round = async (name: string) =>
      lastJson(await pythonInPod(given('jupyterhub', name), clientCode('notebooks')));
    expect(await round('before')).toMatchObject({ version: '1' });
    const before = await secretValues('jupyterhub', 'mlflow-client');
    const password = 'rotated: p%ss "w" $(X)';
    await fillVault(
      vaultOf({
        'mlflow-user-notebooks': { MLFLOW_TRACKING_USERNAME: 'notebooks', MLFLOW_TRACKING_PASSWORD: password },
      }),
    );
    await refresh(NAMESPACE, 'mlflow-user-notebooks');
    await refresh('jupyterhub', 'mlflow-client');
    for (const [where, name] of [
      [NAMESPACE, 'mlflow-user-notebooks'],
      ['jupyterhub', 'mlflow-client'],
    ] as const) {
      const values = async () => (await secretValues(where, name)).MLFLOW_TRACKING_PASSWORD;
      await until(`${where}/${name} has the new value`, 60, async () => (await values()) === password);
    }
    await kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'deployment/mlflow']);
    await rolledOut(400, NAMESPACE);
    expect(await round('after')).toMatchObject({ artifact: 'mlflow-artifacts' });
    const code = [
      'import os, requests',
      "url = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/experiments/get?experiment_id=0'",
      "print(requests.get(url, auth=('notebooks', os.environ['OLD']), timeout=30).status_code)",
    ].join('\n');
    const pod = given('jupyterhub', 'with-the-old-one');
    const old = { name: 'OLD', value: String(before.MLFLOW_TRACKING_PASSWORD).replaceAll('$(', '$$(') };
    expect((await pythonInPod({ ...pod, env: [...pod.env, old] }, code)).trim()).toBe('401');
  });
});

describe('an environment with four sources of Secrets', () => {
  it('waits for all of them, and is ready when they come, in any order', async () => {
    for (const name of ['sources', 'sources_auth'])
      await sql('postgres', `create database ${name} owner ${CREDENTIALS.databaseUser}`);
    await applyStore('secret of the object store: %+/=');
    const output = await synthesizeSources();
    await apply(output);
    await startController();
    await applyDatabaseSecret();
    await rolledOut(400, SOURCES);
  });

  it('has each Secret from its source alone', async () => {
    const owners = JSON.parse(await kubectl(['-n', SOURCES, 'get', 'secrets', '-o', 'json'])) as {
      items: { metadata: { name: string; ownerReferences?: { kind: string }[] } }[];
    };
    const found = Object.fromEntries(
      owners.items.map(({ metadata }) => [metadata.name, metadata.ownerReferences?.map(({ kind }) => kind) ?? []]),
    );
    expect(found).toEqual({
      'mlflow-basic-auth': ['SealedSecret'],
      'mlflow-pg-app': [],
      'mlflow-s3-secret': ['ExternalSecret'],
      'mlflow-user-notebooks': [],
    });
    expect(await secretValues(SOURCES, 'mlflow-s3-secret')).toEqual(await secretValues('stores', 'object-store'));
    expect((await secretValues(SOURCES, 'mlflow-basic-auth')).MLFLOW_TRACKING_PASSWORD).toBe(ADMIN_PASSWORD);
  });

  it('serves a whole client round by the login that was generated for its namespace', async () => {
    const round = lastJson(await pythonInPod(given(CLIENTS, 'notebook'), clientCode('sources')));
    expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
  });
});

describe('Secrets of SOPS', () => {
  const WHERE = 'mlflow-sops';
  const password = CREDENTIALS.databasePassword;
  const values = { username: CREDENTIALS.databaseUser, password };
  const encoded = secret(WHERE, 'mlflow-db-credentials', values);
  const { data, ...rest } = encoded;
  let sops: Sops;

  beforeAll(async () => {
    sops = await Sops.start();
    await removeNamespaces([WHERE]);
    await applyObjects([namespace(WHERE)]);
  });
  afterAll(async () => {
    sops?.stop();
    await removeNamespaces([WHERE]);
  });

  it.each([
    ['data', { ...rest, data }],
    ['stringData', { ...rest, stringData: values }],
  ])('are taken by synth as SOPS wrote them, and bring every character of %s to the cluster', async (_, manifest) => {
    const file = await sops.encrypted([manifest, secret(WHERE, 'mlflow-more', { 'a.b': 'c' })]);
    expect(readFileSync(file, 'utf8')).not.toContain(CREDENTIALS.databaseUser);
    const environment = `namespace: { name: ${WHERE} }
database: { host: postgres.example.com, tls: { mode: require } }
artifacts: { s3: { bucket: artifacts } }
`;
    const output = await synthesizeText('sops', environment, { 'sops/database.yaml': file });
    expect(readdirSync(output, { recursive: true }).join()).not.toContain('sops');
    await kubectl(['apply', '-f', '-'], { input: await sops.decrypted(file) });
    expect(await secretValues(WHERE, 'mlflow-db-credentials')).toEqual(values);
    await kubectl(['-n', WHERE, 'delete', 'secret', '--all']);
  });

  it('cannot be decrypted with a label of synth', async () => {
    const file = await sops.encrypted([encoded]);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/^( +)name: .*$/m, '$&\n$1labels: { team: a }'));
    expect(await sops.tryDecrypt(file)).toMatchObject({ stderr: expect.stringContaining('MAC mismatch') });
  });
});
