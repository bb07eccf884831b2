import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The folders that the files of an environment may be in, without links. */
export type Repository = readonly string[];

/**
 * The repository of an environment: the git repository of the folder above that of the environments, or that folder if
 * it is in none; and the folder of the environments, which may be a link. The root of a file system is no repository,
 * because everything is in it.
 *
 * @param file a file in the folder of the environment
 */
export function repositoryOf(file: string): Repository {
  const own = dirname(resolve(file));
  const environments = dirname(own);
  const isRoot = (folder: string) => folder === dirname(folder);
  const above = ancestors(dirname(environments)).find((folder) => existsSync(join(folder, '.git')));
  const [nearest = own] = [above ?? dirname(environments), environments].filter((folder) => !isRoot(folder));
  return [nearest, ...(isRoot(environments) ? [] : [environments])].map(realPath);
}

/** A folder and those above it, the nearest first, without the root of the file system. */
function ancestors(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [folder, ...ancestors(above)];
}

/** Whether what a name leads to is in a repository. */
export const isInside = (repository: Repository, file: string): boolean =>
  repository.some((folder) => {
    const way = relative(folder, realPath(file));
    return !isAbsolute(way) && way.split(sep)[0] !== '..';
  });

/** The path without links and in the case of the file system, as far as it exists. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(resolve(path));
    return above === resolve(path) ? above : join(realPath(above), basename(path));
  }
}
