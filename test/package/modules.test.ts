import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPrograms } from '../../lib';
import { ROOT } from '../support/support';
import { writeIn } from '../support/write-in';
import { node, project, tsc } from './packed';

/** The entries of the package for each kind of module, and what a mistake looks like in each. */

/** A folder of a project with files. */
function folderWith(name: string, files: Readonly<Record<string, string | object>>): string {
  const folder = join(project(), name);
  for (const [path, content] of Object.entries(files)) {
    writeIn(folder, path, typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

test('an app that loads ES modules and CommonJS has one of each class, and all names in both', () => {
  const folder = folderWith('one-class', {
    'main.mjs': `
      import { createRequire } from 'node:module';
      import assert from 'node:assert';
      const require = createRequire(import.meta.url);
      const [found, used] = [[], {}];
      for (const entry of ['cdk8s-mlflow', 'cdk8s-mlflow/sealed-secrets']) {
        const [module, common] = [await import(entry), require(entry)];
        assert.deepEqual(Object.keys(module).sort(), Object.keys(common).sort());
        for (const name of Object.keys(common)) assert.equal(module[name], common[name]);
        found.push(...Object.keys(common));
        Object.assign(used, common);
      }
      assert.equal(used.InputError, require('cdk8s-mlflow').InputError);
      console.log(found.join());
    `,
  });
  const { code, stdout } = node(folder, ['main.mjs']);
  expect(code).toBe(0);
  for (const name of ['MlflowChart', 'compose', 'writeCharts', 'sealInto', 'EnvironmentError']) {
    expect(stdout).toContain(name);
  }
});

test.each(['cdk8s-mlflow/build/lib/index.js', 'cdk8s-mlflow/lib'])('%s is no entry', (entry) => {
  const folder = folderWith('no-entry', { 'main.cjs': `require(${JSON.stringify(entry)});` });
  expect(node(folder, ['main.cjs']).stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('contains each module that its modules require, depends on what they require alone, and has no module of the command', () => {
  const root = join(project(), 'node_modules', 'cdk8s-mlflow');
  const modules = readdirSync(join(root, 'build/lib'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => join(root, 'build/lib', path));
  expect(modules.length).toBeGreaterThan(200);
  const required = modules.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => ({ path, name })),
  );
  const missing = required.filter(({ path, name }) => {
    const file = join(dirname(path), name);
    return name.startsWith('.') && ![file, `${file}.js`, join(file, 'index.js')].some((each) => existsSync(each));
  });
  expect(missing).toEqual([]);
  const packages = required
    .map(({ name }) => (name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (name.split('/')[0] ?? '')))
    .filter((name) => name !== '' && !name.startsWith('.') && !name.startsWith('node:'));
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect([...new Set(packages)].sort()).toEqual(Object.keys({ ...dependencies, ...peerDependencies }).sort());
  expect(modules.filter((path) => path.includes('/cli/'))).toEqual([]);
  expect(node(project(), [join(root, 'build/bin/cdk8s-mlflow.js'), '--help'])).toMatchObject({ code: 0 });
});

describe('types', () => {
  const TEXT = `
    import { App } from 'cdk8s';
    import { type MlflowChartProps, EnvironmentError, MlflowChart, compose, writeCharts } from 'cdk8s-mlflow';
    import { type SecretValues, readCertificate, sealInto } from 'cdk8s-mlflow/sealed-secrets';
    const props: MlflowChartProps = { database: { host: 'a' }, artifacts: { s3: { bucket: 'b' } } };
    const chart = new MlflowChart(new App(), 'mlflow', props);
    const replicas: string = chart.server.deployment.kind + chart.service.name + chart.namespace;
    // @ts-expect-error: no such key
    new MlflowChart(new App(), 'mlflow', { ...props, database: { hots: 'a' } });
    // @ts-expect-error: no artifacts
    new MlflowChart(new App(), 'mlflow', { database: props.database });
    // @ts-expect-error: no database
    new MlflowChart(new App(), 'mlflow', { artifacts: props.artifacts });
    const common = { server: { allowedHosts: ['a.example.com'] }, secrets: { provider: 'generated' } } as const;
    new MlflowChart(new App(), 'mlflow', { ...props, ...common, clients: [{ namespace: 'a' }] as const });
    // @ts-expect-error: read only
    chart.trackingUri = replicas;
    // @ts-expect-error: internal
    chart._inspect();
    export const secret: SecretValues = { namespace: 'a', name: 'b', values: {} };
    export const all = [compose, writeCharts, EnvironmentError, readCertificate, sealInto];
  `;
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true };
  const NEWEST = join(ROOT, 'node_modules', 'typescript');
  const OLDER = join(ROOT, 'node_modules', 'jsii', 'node_modules', 'typescript');
  const MODULES: [string, object, string[], string][] = [
    [
      'nodenext, whose declarations are checked',
      { module: 'nodenext', skipLibCheck: false },
      ['main.mts', 'main.cts'],
      NEWEST,
    ],
    ['a bundler', { module: 'preserve', moduleResolution: 'bundler', skipLibCheck: true }, ['main.ts'], NEWEST],
    [
      'the settings of cdk8s init, in TypeScript 5',
      { module: 'commonjs', target: 'es2018', skipLibCheck: true },
      ['main.ts'],
      OLDER,
    ],
  ];

  test.each(MODULES)('are found with %s', (name, options, files, compiler) => {
    const folder = folderWith(`types-${name.split(',')[0]?.replaceAll(' ', '-')}`, {
      ...Object.fromEntries(files.map((file) => [file, TEXT])),
      'tsconfig.json': { compilerOptions: { target: 'es2022', types: ['node'], ...strict, ...options }, files },
    });
    expect(tsc(folder, ['-p', '.'], compiler)).toBe('');
  });
});

test("reads its own files by their names, as the archives of Yarn's Plug'n'Play have them", () => {
  const folder = folderWith('archive', {
    // What its layer over the file system answers: entries with a type, and a folder that is none.
    'archive.cjs': `
      const fs = require('node:fs');
      const { readdirSync } = fs;
      fs.readdirSync = (path, options) => readdirSync(path, options)
        .map((entry) => options?.withFileTypes ? Object.assign(entry, { parentPath: '.', path: '.' }) : entry);
    `,
    'main.cjs': `
      const { readPrograms } = require('cdk8s-mlflow');
      console.log(Object.keys(readPrograms()).join(' '));
    `,
  });
  const { code, stdout } = node(folder, ['--require', './archive.cjs', 'main.cjs']);
  expect([code, stdout.trim().split(' ')]).toEqual([0, Object.keys(readPrograms())]);
});

describe('a mistake in JavaScript', () => {
  const IMPORTS: Readonly<Record<string, string>> = {
    'main.mjs': "import { App, JsonPatch } from 'cdk8s';\nimport { MlflowChart } from 'cdk8s-mlflow';\n",
    'main.cjs': "const { App, JsonPatch } = require('cdk8s');\nconst { MlflowChart } = require('cdk8s-mlflow');\n",
  };
  const KEYS = "database: { host: 'a' }, artifacts: { s3: { bucket: 'bucket' } }";
  const MISTAKES: [string, string, RegExp][] = [
    [
      'a wrong key',
      `new MlflowChart(new App(), 'mlflow', { ${KEYS}, server: { replcas: 2 }, nmae: 'x' });`,
      /^EnvironmentError: \[mlflow\] server\.replcas: is not a known key \(did you mean replicas\?\)\n\[mlflow\] nmae: .*\n {4}at /m,
    ],
    [
      'a file that does not exist',
      "MlflowChart.fromFile(new App(), 'mlflow', 'environment.yaml');",
      /^InputError: environment\.yaml:1:1 /m,
    ],
    [
      'a broken rule',
      `const app = new App();
       const chart = new MlflowChart(app, 'mlflow', { ${KEYS} });
       chart.server.deployment.addJsonPatch(JsonPatch.replace('/spec/selector/matchLabels', { a: 'b' }));
       app.synth();`,
      /^Error: Validation failed with the following errors:\n {2}\[mlflow\] addJsonPatch\[0\]: Deployment mlflow\/mlflow .*\[rule /m,
    ],
  ];
  const CASES = MISTAKES.flatMap((mistake) => Object.entries(IMPORTS).map((file) => [...mistake, ...file] as const));

  test.each(CASES)('%s fails with our message alone: %#', (name, text, said, file, imports) => {
    const folder = folderWith(`mistake-${name.replaceAll(' ', '-')}`, { [file]: imports + text });
    const { code, stderr } = node(folder, [file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(said);
    // No frame of ours comes before the line of the user.
    const [frame = ''] = stderr.split('\n').filter((line) => line.startsWith('    at ') && !line.includes('/cdk8s/'));
    expect(frame).toContain(file);
    expect(existsSync(join(folder, 'dist', 'mlflow.k8s.yaml'))).toBe(false);
  });
});
