import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The path of a file or folder that the package contains besides its code: the same in the repository, and in the
 * package, whose library and command lie at different depths.
 */
export function packageFile(...path: string[]): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return join(folder, ...path);
}
