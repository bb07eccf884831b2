import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './support';

/** What the package contains besides its code. */
const BESIDES = ['package.json', 'programs', 'environments', 'schema'];

/**
 * The command in one file, as the package has it, built once for all tests of a run: a process that compiles the
 * sources itself takes four times the CPU time.
 */
export function builtCommand(): string {
  const folder = process.env.CDK8S_MLFLOW_TEST_FOLDER as string;
  const file = join(folder, 'built', 'bin', 'cdk8s-mlflow.js');
  if (existsSync(file)) return file;
  const building = mkdtempSync(join(folder, 'building-'));
  mkdirSync(join(building, 'bin'));
  for (const name of BESIDES) symlinkSync(join(ROOT, name), join(building, name));
  const esbuild = join(ROOT, 'node_modules', '.bin', 'esbuild');
  const out = `--outfile=${join(building, 'bin', 'cdk8s-mlflow.js')}`;
  const options = [
    '--bundle',
    '--platform=node',
    '--target=node20',
    `--alias:yargs=${require.resolve('yargs')}`,
    '--log-level=warning',
    out,
  ];
  execFileSync(esbuild, [join(ROOT, 'main.ts'), ...options], { stdio: 'inherit' });
  try {
    renameSync(building, join(folder, 'built'));
  } catch (error) {
    // Another thread of the run was faster.
    if (!existsSync(file)) throw error;
  }
  return file;
}
