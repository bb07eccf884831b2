import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../lib/synth/manifest';
import { early, inFiles } from '../../support/apply-order';
import { ROOT, temporaryFolder } from '../../support/support';
import { SynthSetting } from '../../support/synth-setting';
import { ACCEPTED, configMap, deployment, ingress, RISKY, ROUTE } from './cases';
import { REFUSED } from './refused.cases';
import { REFUSED_QUOTAS } from './refused-quotas.cases';

const setting = new SynthSetting();
const { environment, synth, dist } = setting;

/** Writes an environment with files of objects. */
function given(files: Readonly<Record<string, string>>, more = ''): string {
  const server = /^server:/m.test(more) ? '' : 'server: { allowedHosts: [mlflow.example.com] }\n';
  environment('a', more + server);
  const folder = join(setting.folder, 'environments/a/objects');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** The objects of the output file. */
const written = (): Manifest[] =>
  parseAllDocuments(dist()['a/objects.k8s.yaml'] ?? '').map((document) => document.toJS() as Manifest);

test.each(ACCEPTED)('accepts %s', async (_, text) => {
  given({ 'a.yaml': text });
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  expect(written().length).toBeGreaterThan(0);
});

test.each([...REFUSED, ...REFUSED_QUOTAS])('refuses %s', async (_, text, where, said) => {
  given({ 'a.yaml': text });
  const { code, issues } = await synth();
  const start = `a/objects/a.yaml:${where}`;
  expect([code, issues.filter((line) => line.includes(start)).join('\n')]).toEqual([1, expect.stringMatching(said)]);
  expect(issues.join()).not.toContain('hunter2');
  expect(dist()).toEqual({});
});

test.each(RISKY)('warns of %s, unless that is allowed', async (_, text, said) => {
  given({ 'a.yaml': text });
  const { code, stderr } = await synth();
  expect([code, stderr]).toEqual([0, expect.stringMatching(said)]);
  given({ 'a.yaml': text }, 'allow: [open-network, weak-pods]\n');
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
});

test('Namespaces and definitions of kinds are applied before all that needs them', async () => {
  const namespace = (name: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`;
  given(
    { 'a.yaml': `${configMap('own')}---\n${namespace('mlflow')}` },
    'namespace: { create: false }\nallow: [weak-pods]\n',
  );
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  expect(dist()['a/00-namespace.k8s.yaml']).toContain('kind: Namespace');
  expect(early(inFiles(join(setting.folder, 'dist')))).toEqual([]);
  given({ 'a.yaml': namespace('jupyterhub') }, 'clients: [{ namespace: jupyterhub }]\nallow: [weak-pods]\n');
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  expect(Object.keys(dist())).not.toContain('a/objects.k8s.yaml');
  expect(early(inFiles(join(setting.folder, 'dist')))).toEqual([]);
});

test('an Ingress to a server without a login is refused', async () => {
  given({ 'a.yaml': ingress() }, 'auth: { enabled: false }\n');
  expect((await synth()).issues).toEqual([expect.stringMatching(/a\.yaml:4:13 .*check no login.*no-login to allow/)]);
});

test('every issue of every file comes at once, with those of the environment file', async () => {
  const files = { 'a.yaml': `${configMap('1')}---\n${configMap('a', 'a: 5')}`, 'b.yaml': configMap('1') };
  given(files, 'nmae: x\n');
  expect((await synth()).issues).toEqual([
    expect.stringContaining('environment.yaml:6:1 nmae'),
    expect.stringContaining('a.yaml:4:13 metadata.name'),
    expect.stringContaining('b.yaml:4:13 metadata.name'),
  ]);
  given({ 'a.yaml': `${configMap('A')}---\n${configMap('a', 'a: 5')}`, 'b.yaml': ingress('none') });
  expect((await synth()).issues).toEqual([
    expect.stringContaining('a.yaml:4:13 ConfigMap mlflow/A has an invalid name'),
    expect.stringContaining('a.yaml:11:9 data.a'),
  ]);
  given({ 'a.yaml': `${configMap('1')}---\n${configMap('a', 'a: 5')}`, 'b.yaml': configMap('B') });
  expect((await synth()).issues).toEqual([
    expect.stringContaining('a.yaml:4:13 metadata.name'),
    expect.stringContaining('a.yaml:11:9 data.a'),
    expect.stringContaining('b.yaml:4:13 ConfigMap mlflow/B has an invalid name'),
  ]);
});

test('an object gets its namespace, labels and annotations, and keeps what it says', async () => {
  const labels = 'labels: { team: x, tier: y }\nannotations: { owner: me }\n';
  given(
    { 'b.yaml': configMap('second', 'a: b', ', labels: { tier: z }'), 'a.yaml': `${ingress()}---\n${ROUTE}` },
    labels,
  );
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  expect(written().map(({ kind, metadata }) => [kind, metadata])).toEqual([
    ['Ingress', { name: 'web', namespace: 'mlflow', labels: { team: 'x', tier: 'y' }, annotations: { owner: 'me' } }],
    ['HTTPRoute', { name: 'web', namespace: 'mlflow', labels: { team: 'x', tier: 'y' }, annotations: { owner: 'me' } }],
    [
      'ConfigMap',
      { name: 'second', namespace: 'mlflow', labels: { team: 'x', tier: 'z' }, annotations: { owner: 'me' } },
    ],
  ]);
});

test('labels are those of the object alone, not of its pods, and none says that it is one of the instance', async () => {
  given({ 'a.yaml': deployment('proxy') }, 'labels: { team: x }\nallow: [open-network]\n');
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  const [object] = written();
  expect(object?.metadata.labels).toEqual({ team: 'x' });
  expect(object?.spec).toMatchObject({ template: { metadata: { labels: { 'app.kubernetes.io/name': 'proxy' } } } });
});

test('the file is checked, compared, written alone, written elsewhere, and removed with its objects', async () => {
  const folder = given({ 'a.yaml': configMap('a') });
  await synth();
  const before = dist();
  writeFileSync(join(folder, 'a.yaml'), configMap('a', 'a: c'));
  expect((await synth('--check')).issues).toEqual([expect.stringMatching(/a\/objects\.k8s\.yaml: is stale/)]);
  expect((await synth('--diff')).stdout).toContain('ConfigMap');
  expect(dist()).toEqual(before);
  expect((await synth('--only', 'objects')).stdout).toMatch(/updated .*a\/objects\.k8s\.yaml/);
  const elsewhere = temporaryFolder();
  await synth('--out', elsewhere);
  writeFileSync(join(folder, 'a.yaml'), '');
  expect((await synth()).stdout).toMatch(/removed .*a\/objects\.k8s\.yaml/);
});

test('what would be forgotten in the folder is refused', async () => {
  const folder = given({ 'a.yml': configMap('a'), 'b.json': '{}', 'README.md': 'x', '.hidden': 'x' });
  mkdirSync(join(folder, 'more'));
  expect((await synth()).issues).toEqual([
    expect.stringMatching(/objects\/a\.yml: is not read \(rename it to a\.yaml\)$/),
    expect.stringMatching(/objects\/b\.json: is not read \(rename it to b\.yaml\)$/),
    expect.stringMatching(/objects\/more: is a folder, which is not read \(/),
  ]);
});

test('only regular files of the repository are read', async () => {
  const folder = given({});
  symlinkSync('/etc/hostname', join(folder, 'a.yaml'));
  symlinkSync('/dev/zero', join(folder, 'b.yaml'));
  symlinkSync(join(folder, 'none'), join(folder, 'c.yaml'));
  mkdirSync(join(folder, 'd.yaml'));
  const { code, issues } = await synth();
  expect([code, issues.map((line) => line.replace(/^.*\/objects\//, '').replace(/ \(.*/, ''))]).toEqual([
    1,
    [
      expect.stringMatching(/^a\.yaml:1:1 is outside the repository/),
      expect.stringMatching(/^b\.yaml:1:1 is outside the repository/),
      'c.yaml:1:1 does not exist',
      'd.yaml:1:1 is a folder',
    ],
  ]);
});

test('a folder that is a file is refused', async () => {
  environment('a');
  writeFileSync(join(setting.folder, 'environments/a/objects'), '');
  expect((await synth()).issues).toEqual([expect.stringMatching(/a\/objects: is not a folder \(/)]);
});

test('a pod of the user may read a Secret that something else creates, and the keys of those of ours', async () => {
  const env = (name: string, key: string) =>
    `          env: [{ name: A, valueFrom: { secretKeyRef: { name: ${name}, key: ${key} } } }]`;
  const allow = 'allow: [open-network]\n';
  given({ 'a.yaml': deployment('proxy', env('oauth2-proxy', 'cookie')) }, allow);
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  given({ 'a.yaml': deployment('proxy', env('mlflow-db-credentials', 'username')) }, allow);
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  given({ 'a.yaml': deployment('proxy', env('mlflow-db-credentials', 'usrname')) }, allow);
  expect((await synth()).issues).toEqual([
    expect.stringMatching(/refers to key usrname .* has only username, password/),
  ]);
});

test('the example of the page is accepted with the settings that it names', async () => {
  const page = readFileSync(join(ROOT, 'docs/objects.md'), 'utf8');
  const [object = '', settings = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text);
  given({ 'ingress.yaml': object }, settings);
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
  expect(written()).toHaveLength(1);
});

test.each([
  ['dataFrom', 'dataFrom: [{ extract: { key: hf } }]'],
  ['a template', 'target: { template: { data: { token: x } } }'],
])('the keys of an ExternalSecret with %s are its own matter', async (_, spec) => {
  given(
    {
      'a.yaml': `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: { name: hf }\nspec: { secretStoreRef: { name: vault, kind: ClusterSecretStore }, ${spec} }\n`,
    },
    'server: { env: { HF_TOKEN: { secret: hf, key: token } } }\n',
  );
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
});

test('a container of the user may be called server', async () => {
  given({ 'a.yaml': deployment('proxy').replace('name: main', 'name: server') }, 'allow: [open-network]\n');
  expect(await synth()).toMatchObject({ code: 0, stderr: '' });
});

test('what a patch does to an object of the user is reported once, at the patch', async () => {
  const variable = '{ op: add, path: /spec/template/spec/containers/0/env, value: [{ name: PYTHONPATH, value: /a }] }';
  given(
    { 'a.yaml': deployment('proxy') },
    `allow: [open-network]\npatches: [{ kind: Deployment, name: proxy, operations: [${variable}] }]\n`,
  );
  expect((await synth()).issues).toEqual([expect.stringMatching(/environment\.yaml:.* patches\[0\]: .*PYTHONPATH/)]);
});
