import { lstatSync } from 'node:fs';

/**
 * Whether something is under a path, also a link that leads nowhere. False only when that is certain: `existsSync` is
 * false for what this user must not see, too, and files of an unreadable environment would be removed as stale.
 */
export function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return !['ENOENT', 'ENOTDIR'].includes(code);
  }
}
