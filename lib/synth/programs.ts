import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Programs } from '../components/shared/programs';
import { packageFile } from '../input/package-file';

const FOLDER = packageFile('programs');

/** Whether a file runs in a pod, by its path: tests, settings of tools and what they leave do not. */
const isProgram = (path: string): boolean =>
  /^[a-z_]+\/(?:\w+\.(?:py|sh)|passwd)$/.test(path) && !path.startsWith('tests/');

/** Reads the programs that the package carries, by path, as in `prepare/__main__.py`. */
export function readPrograms(): Programs {
  const paths = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(FOLDER, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter(isProgram)
    .sort();
  return Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(FOLDER, path), 'utf8').replaceAll('\r\n', '\n')]),
  );
}
