import { parse, stringify } from 'yaml';
import { LAB, Setting } from '../../support/sealing-setting';
import { command } from '../../support/support';

/** What is sealed where other Secrets come from elsewhere. */

let lab: Setting;
beforeEach(() => {
  lab = new Setting({
    ...LAB,
    secrets: {
      provider: 'sealed',
      overrides: {
        'mlflow-db-credentials': { provider: 'existing' },
        'mlflow-user-notebooks': { provider: 'external' },
      },
      external: { store: { name: 'vault' } },
    },
  });
});

const FOREIGN = ['mlflow-db-credentials', 'mlflow-user-notebooks', 'mlflow-client'];
const synth = () => command('synth', '--environments', lab.environments, '--out', `${lab.folder}/dist`);

async function sealRest(): Promise<void> {
  for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    expect(await lab.sealValue('of-the-store', 'mlflow-s3-secret', key)).toMatchObject({ code: 0 });
  }
  const login = '{"auths":{"registry.example.com:5000":{"auth":"YTpi"}}}';
  expect(await lab.sealValue(login, 'registry', '.dockerconfigjson')).toMatchObject({ code: 0 });
  expect(await lab.seal('--generate')).toMatchObject({ code: 0 });
}

test('only the values of sealed Secrets are asked for, listed and required', async () => {
  const status = await lab.seal('--status');
  for (const name of FOREIGN) expect(status.stdout).not.toContain(name);
  await sealRest();
  expect(new Set(Object.keys(lab.opened).map((place) => place.split(' ')[0]))).toEqual(
    new Set(['mlflow/mlflow-s3-secret', 'mlflow/mlflow-basic-auth', 'mlflow/registry']),
  );
  expect(await synth()).toMatchObject({ code: 0 });
});

test.each([
  ['mlflow-db-credentials', 'mlflow/mlflow-db-credentials', 'existing', 'mlflow-db-credentials'],
  ['argo/mlflow-client', 'argo/mlflow-client', 'external', 'mlflow-user-notebooks'],
])('%s is not sealed', async (given, id, provider, source) => {
  const { code, issues } = await lab.sealValue('hunter2', given);
  const fix = `set secrets.overrides.${source}.provider: sealed, or change the value there`;
  expect([code, issues]).toEqual([1, [`SECRET: ${id} has the provider ${provider} (${fix})`]]);
  expect(lab.text).toBe('');
});

test('what is sealed for a Secret of another provider is refused where it is', async () => {
  await sealRest();
  const input = parse(stringify(LAB)) as typeof LAB;
  lab.write('environments/lab/environment.yaml', stringify({ ...input, secrets: { provider: 'sealed' } }));
  expect(await lab.sealValue('hunter2', 'mlflow-db-credentials', 'password')).toMatchObject({ code: 0 });
  const overrides = Object.fromEntries(
    ['mlflow-db-credentials', 'mlflow-user-notebooks'].map((name) => [name, { provider: 'existing' }]),
  );
  lab.write('environments/lab/environment.yaml', stringify({ ...input, secrets: { provider: 'sealed', overrides } }));
  const { code, issues } = await synth();
  expect([code, issues]).toEqual([
    1,
    [
      expect.stringMatching(
        /sealed-secrets\.yaml:\d+:\d+ metadata\.name: is mlflow-db-credentials, a Secret with the provider existing \(remove this SealedSecret, or set secrets\.overrides\.mlflow-db-credentials\.provider: sealed\)$/,
      ),
    ],
  ]);
});

test('one Secret alone is sealed beside others that exist', async () => {
  const overrides = { 'mlflow-s3-secret': { provider: 'sealed' } } as const;
  lab = new Setting({ ...LAB, secrets: { overrides } });
  const { stdout } = await lab.seal('--status');
  expect(stdout.match(/^\S+\/\S+/gm)).toEqual(['mlflow/mlflow-s3-secret', 'mlflow/mlflow-s3-secret']);
  for (const key of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) {
    expect(await lab.sealValue('of-the-store', 'mlflow-s3-secret', key)).toMatchObject({ code: 0 });
  }
  expect(await synth()).toMatchObject({ code: 0 });
});
