import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licensesOf } from './licenses';

/** The entries of the library, by the names of their ES modules. */
const ENTRIES = { index: '../lib/index.js', 'sealed-secrets': '../lib/sealed-secrets/index.js' } as const;

/**
 * Builds the npm package: the library with its declarations (`build/lib`, with cdk8s as a peer dependency), its entries
 * as ES modules (`build/esm`), and the command bundled into one file (`build/bin`), which loads faster, with the licenses
 * of the packages in it.
 */
async function main(): Promise<void> {
  const root = join(__dirname, '..');
  // Tests build into a folder of their own.
  const out = process.argv[2] ?? join(root, 'build');
  rmSync(out, { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json', '--outDir', out],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  writeModules(join(out, 'esm'));
  const file = join(out, 'bin', 'cdk8s-mlflow.js');
  const { metafile } = await build({
    entryPoints: [join(root, 'main.ts')],
    outfile: file,
    bundle: true,
    metafile: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    // Its module for `import` breaks lines of help within words.
    alias: { yargs: require.resolve('yargs') },
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
    absWorkingDir: root,
  });
  chmodSync(file, 0o755);
  writeFileSync(join(out, 'bin', 'THIRD-PARTY-LICENSES.txt'), licensesOf(Object.keys(metafile.inputs), root));
}

/**
 * Writes an ES module for each entry, which passes on the names of the CommonJS module: in an app that loads both
 * formats, a class is still one class.
 */
function writeModules(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, entry] of Object.entries(ENTRIES)) {
    const names = Object.keys(require(join(folder, entry))).sort();
    writeFileSync(
      join(folder, `${name}.mjs`),
      `import entry from '${entry}';\n\nexport const { ${names.join(', ')} } = entry;\n`,
    );
    writeFileSync(join(folder, `${name}.d.mts`), `export * from '${entry}';\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
