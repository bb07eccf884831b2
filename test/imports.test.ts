import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { LARGE_SAMPLE } from './support/sample-size';

const ROOT = resolve(__dirname, '..');

/** Each takes more than a second, so that the small sample has the first alone. */
const some = (imports: readonly string[]) => (LARGE_SAMPLE ? imports : imports.slice(0, 1));

test('the classes in imports/ are what cdk8s makes of the definitions in crds/', () => {
  const { imports } = parse(readFileSync(join(ROOT, 'cdk8s.yaml'), 'utf8')) as { imports: string[] };
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
    expect(readdirSync(join(ROOT, 'imports'))).toHaveLength(imports.length);
    expect(readdirSync(folder)).toHaveLength(some(imports).length);
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(ROOT, 'imports', name), 'utf8'));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
