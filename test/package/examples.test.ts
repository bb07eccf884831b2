import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readSealedSecrets } from '../../lib/sealed-secrets';
import type { Manifest } from '../../lib/synth/manifest';
import { early } from '../support/apply-order';
import { contentsOf, ROOT } from '../support/support';
import { node, project, tsc } from './packed';

/** Every example, with the package as it is published. */

const EXAMPLES = join(ROOT, 'examples');

/** What an example writes, and something that it has to contain. */
const WRITTEN: Readonly<Record<string, (objects: readonly Manifest[], files: readonly string[]) => void>> = {
  minimal: (objects, files) => {
    expect(files).toEqual(['mlflow.k8s.yaml']);
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['Namespace', 'Deployment', 'Service']));
  },
  trial: (objects) =>
    expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['StatefulSet', 'Job', 'Deployment'])),
  javascript: (objects) => expect(objects).toContainEqual(expect.objectContaining({ kind: 'Deployment' })),
  'ingress-and-namespace': (objects) => {
    expect(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual(['ml']);
    expect(objects.find(({ kind }) => kind === 'Ingress')?.metadata).toMatchObject({ namespace: 'ml' });
  },
  'several-instances': (objects, files) => {
    expect(files).toEqual(expect.arrayContaining(['vision/deployment.k8s.yaml', 'language/deployment.k8s.yaml']));
    expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(2);
  },
  overrides: (objects) => {
    const deployment = objects.find(({ kind }) => kind === 'Deployment');
    expect(deployment).toMatchObject({
      spec: { revisionHistoryLimit: 2, template: { spec: { runtimeClassName: 'gvisor' } } },
    });
    const service = objects.find(({ kind }) => kind === 'Service');
    expect(service?.metadata.annotations).toMatchObject({ 'example.com/owner': 'ml' });
  },
  client: (objects) => {
    const training = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'training');
    expect(JSON.stringify(training)).toContain('"name":"MLFLOW_TRACKING_PASSWORD","valueFrom"');
  },
};

const names = readdirSync(EXAMPLES);

test('each example has a check here', () => {
  expect(names.filter((name) => name !== 'README.md')).toEqual([...Object.keys(WRITTEN), 'sealed-secrets'].sort());
});

test.each(names.filter((name) => name !== 'README.md'))(
  'the example %s depends on this version of the package',
  (name) => {
    const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
    const { version, peerDependencies } = read('package.json');
    const { dependencies } = read(`examples/${name}/package.json`);
    expect(dependencies).toEqual({ 'cdk8s-mlflow': `^${version}`, ...peerDependencies });
  },
);

/** A copy of an example beside the installed package. */
function copied(name: string): string {
  const folder = join(project(), name);
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  return folder;
}

test.each(Object.entries(WRITTEN))(
  'the example %s compiles, synthesizes without a warning, and writes what it says',
  (name, check) => {
    const folder = copied(name);
    const isTyped = existsSync(join(folder, 'tsconfig.json'));
    if (isTyped) expect(tsc(folder, ['-p', '.'])).toBe('');
    expect(node(folder, [isTyped ? 'build/main.js' : 'main.js'])).toMatchObject({ code: 0, stderr: '' });
    const texts = Object.entries(contentsOf(join(folder, 'dist')));
    const objects = texts.flatMap(([, text]) => parseAllDocuments(String(text)).map((each) => each.toJS() as Manifest));
    expect(early(objects)).toEqual([]);
    check(
      objects,
      texts.map(([file]) => file),
    );
  },
);

test('the example sealed-secrets seals a value without cdk8s, and leaves the others', () => {
  const folder = copied('sealed-secrets');
  cpSync(join(ROOT, 'environments/homelab/sealing-certificate.pem'), join(folder, 'sealing-certificate.pem'));
  expect(node(folder, ['main.js']).stderr).toContain('set PASSWORD');
  const loaded = join(folder, 'loaded.cjs');
  writeFileSync(loaded, "process.on('exit', () => console.log(Object.keys(require.cache).join('\\n')));\n");
  const sealed = () => {
    const { code, stdout } = node(folder, ['--require', loaded, 'main.js'], { PASSWORD: 'hunter2' });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/node_modules\/(cdk8s|cdk8s-plus-28|constructs)\//);
    expect(stdout).toContain('lib/sealed-secrets/index.js');
    const text = readFileSync(join(folder, 'sealed-secrets.yaml'), 'utf8');
    expect(text).not.toContain('hunter2');
    const { secrets, issues } = readSealedSecrets(text, 'sealed-secrets.yaml');
    expect(issues).toEqual([]);
    return secrets.map(({ name, encryptedData }) => [name, ...encryptedData.keys()]);
  };
  expect(sealed()).toEqual([['mlflow-db-credentials', 'username', 'password']]);
  expect(sealed()).toEqual([['mlflow-db-credentials', 'username', 'password']]);
});
