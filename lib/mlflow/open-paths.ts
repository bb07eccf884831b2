/**
 * How the paths begin that need no login in any release.
 *
 * @see mlflow/server/auth/__init__.py, `is_unprotected_route`
 */
const OPEN_PATHS = ['/static', '/favicon.ico', '/health'];

/** Whether a static prefix makes every path below it look like one that needs no login, before 3.18. */
export const beginsLikeOpenPath = (prefix: string): boolean => OPEN_PATHS.some((start) => prefix.startsWith(start));
