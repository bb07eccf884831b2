import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Builds the npm package: the library with its declarations (`build/lib`, with cdk8s as a peer dependency), and the
 * command bundled into one file (`build/bin`), which loads faster.
 */
async function main(): Promise<void> {
  const root = join(__dirname, '..');
  const out = join(root, 'build');
  rmSync(out, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  const file = join(out, 'bin', 'cdk8s-mlflow.js');
  await build({
    entryPoints: [join(root, 'main.ts')],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
  chmodSync(file, 0o755);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
