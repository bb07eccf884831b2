import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Programs } from '../components/shared/programs';
import { packageFile } from '../input/package-file';

const FOLDER = packageFile('programs');

/** Whether a file runs in a pod, by its path: tests, settings of tools and what they leave do not. */
const isProgram = (path: string): boolean =>
  /^[a-z_]+\/(?:\w+\.(?:py|sh)|passwd)$/.test(path) && !path.startsWith('tests/');

/** What was read: the files of a package do not change while it is in use. */
let known: Programs | undefined;

/** The programs that the package carries, by path, as in `prepare/__main__.py`. They are read once. */
export function readPrograms(): Programs {
  known ??= read();
  return known;
}

function read(): Programs {
  // By names alone: in the archives of Yarn's Plug'n'Play, an entry with its type does not say which folder it is in.
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter(isProgram)
    .sort();
  return Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(FOLDER, path), 'utf8').replaceAll('\r\n', '\n')]),
  );
}
