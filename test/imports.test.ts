import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { LARGE_SAMPLE } from './support/sample-size';

const ROOT = resolve(__dirname, '..');

/** Each takes more than a second, so that the small sample has the first alone. */
const some = (imports: readonly string[]) => (LARGE_SAMPLE ? imports : imports.slice(0, 1));

const { imports } = parse(readFileSync(join(ROOT, 'cdk8s.yaml'), 'utf8')) as { imports: string[] };

test('imports/ has a file for each definition that cdk8s.yaml names, and crds/ has no other', () => {
  const named = imports.map((each) => each.split(':=') as [name: string, path: string]);
  const files = named.map(([name, path]) => {
    const { spec } = parse(readFileSync(join(ROOT, path), 'utf8')) as { spec: { group: string } };
    return `${name}-${spec.group}.ts`;
  });
  expect(files.length).toBeGreaterThan(2);
  expect(readdirSync(join(ROOT, 'imports')).sort()).toEqual(files.sort());
  const definitions = readdirSync(join(ROOT, 'crds')).filter((name) => name.endsWith('.yaml'));
  expect(named.map(([, path]) => path).sort()).toEqual(definitions.map((name) => `crds/${name}`).sort());
});

const which = LARGE_SAMPLE ? 'each of them' : 'the first';

test(`the classes in imports/ are what cdk8s generates from the definitions in crds/: ${which}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-imports-'));
  try {
    const cli = join(ROOT, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
    // One at a time: of several the command takes the first alone.
    for (const each of some(imports)) {
      execFileSync(
        process.execPath,
        [cli, 'import', each, '--language', 'typescript', '--output', folder, '--no-save'],
        { cwd: ROOT, env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' }, stdio: 'pipe' },
      );
    }
    expect(readdirSync(folder)).toHaveLength(some(imports).length);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(ROOT, 'imports', name), 'utf8'));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
