import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of a package within the path of one of its files, with packages that another one brings. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Files with the terms of a package, as its authors name them. */
const TERMS = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

/**
 * The terms of every package that is in a bundle: most licenses require that a copy has them.
 *
 * @param inputs the paths of the bundled files, from the root
 * @param root the folder with `node_modules`
 * @throws Error if a package has neither a file with its terms nor the name of a license
 */
export function licensesOf(inputs: readonly string[], root: string): string {
  const folders = [...new Set(inputs.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []))];
  const found = folders.map((folder) => termsIn(join(root, folder)));
  return [...new Set(found)].toSorted().join(`\n${'-'.repeat(80)}\n\n`);
}

function termsIn(folder: string): string {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) throw new Error(`${folder} has no package.json`);
  const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8')) as Record<string, string | undefined>;
  const texts = readdirSync(folder)
    .filter((file) => TERMS.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0 && !license) throw new Error(`${name} says nothing of its license`);
  return [`${name} ${version} (${license ?? 'see below'})`, ...texts].join('\n\n').concat('\n');
}
