import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/support';

/** The package as npm packs it, installed into a folder with nothing but what it depends on. */

const { dependencies, peerDependencies, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly files: readonly string[];
};

/** What a project in TypeScript has besides. */
const DEVELOPMENT = ['typescript', '@types/node'];

const run = (folder: string, command: string, ...given: string[]) =>
  execFileSync(command, given, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A project with the package and its dependencies, made once for a run of Jest. */
export function project(): string {
  const shared = process.env.CDK8S_MLFLOW_TEST_FOLDER ?? '';
  const folder = join(shared, 'package-test');
  const done = join(folder, 'done');
  try {
    mkdirSync(folder);
  } catch {
    // Another thread makes it.
    while (!existsSync(done)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    const failure = readFileSync(done, 'utf8');
    if (failure) throw new Error(failure);
    return folder;
  }
  try {
    make(folder);
    writeFileSync(done, '');
  } catch (error) {
    writeFileSync(done, String(error));
    throw error;
  }
  return folder;
}

function make(folder: string): void {
  const source = join(folder, 'source');
  // What is not negated is a file, a folder, or a pattern below a folder.
  const parts = files
    .filter((each) => !each.startsWith('!') && each !== 'build')
    .map((each) => each.replace(/\/\*.*/, ''));
  for (const part of new Set([...parts, 'package.json', 'README.md', 'LICENSE'])) {
    mkdirSync(dirname(join(source, part)), { recursive: true });
    cpSync(join(ROOT, part), join(source, part), { recursive: true });
  }
  const modules = join(folder, 'node_modules');
  for (const name of [...Object.keys({ ...dependencies, ...peerDependencies }), ...DEVELOPMENT]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  run(ROOT, process.execPath, '--import', 'tsx', 'tools/build.ts', join(source, 'build'));
  run(source, 'npm', 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  run(folder, 'sh', '-c', 'tar -xzf cdk8s-mlflow-*.tgz && mv package node_modules/cdk8s-mlflow');
}

/** What a program printed, and its exit code. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of Node in a folder. */
export function node(
  folder: string,
  given: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Ended {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, given, { cwd: folder, encoding: 'utf8', env });
  return { code: status ?? -1, stdout, stderr };
}

/** Checks, and compiles, TypeScript in a folder: what the compiler says. */
export function tsc(
  folder: string,
  given: readonly string[],
  compiler = join(ROOT, 'node_modules', 'typescript'),
): string {
  const { code, stdout, stderr } = node(folder, [join(compiler, 'bin', 'tsc'), ...given]);
  return code === 0 ? '' : stdout + stderr || `exit ${code}`;
}
