import type { Check, Path } from '../../input/issue';
import type { Capability, Release } from '../../mlflow/releases';
import { EDGE_KEYS } from './edge';

/** The sections, as written, that say under which path the server is. */
export interface PathSections {
  readonly server: { readonly staticPrefix?: string };
  readonly ingress?: { readonly path?: string };
  readonly gateway?: { readonly path?: string };
  readonly route?: { readonly path?: string };
}

/** A path of the environment file, and its key. */
interface WrittenPath {
  readonly at: Path;
  readonly path: string;
}

/** The path of the root, which is no prefix. */
const ROOT = '/';

function writtenPaths(given: PathSections): WrittenPath[] {
  const paths = [
    { at: ['server', 'staticPrefix'], path: given.server.staticPrefix },
    ...EDGE_KEYS.map((key) => ({ at: [key, 'path'], path: given[key]?.path })),
  ];
  return paths.flatMap(({ at, path }) => (path === undefined ? [] : [{ at, path }]));
}

/** The path under which the server is: MLflow cannot be served under two, and no proxy rewrites what its page requests. */
export const pathOf = (given: PathSections): string => writtenPaths(given)[0]?.path ?? ROOT;

/** The static prefix of MLflow, and the key that says it. */
export function staticPrefixOf(given: PathSections): { readonly staticPrefix?: string; readonly staticPrefixAt: Path } {
  const { at = ['server', 'staticPrefix'], path = ROOT } = writtenPaths(given)[0] ?? {};
  return { staticPrefix: path === ROOT ? undefined : path, staticPrefixAt: at };
}

/** What programs request at the root, whatever the prefix, until a release has it below. */
const AT_ROOT: readonly { readonly path: string; readonly until: Capability }[] = [
  { path: '/api', until: 'prefixedApi' },
  { path: '/v1/traces', until: 'prefixedSpans' },
];

/** The paths that a proxy leads to the server: its own, and those of programs that MLflow serves at the root alone. */
export const routedPaths = (path: string, release: Release): string[] => [
  path,
  ...AT_ROOT.filter(({ until }) => path !== ROOT && !release.can(until)).map((each) => each.path),
];

/** All keys that name the path must name the same. */
export function pathChecks(given: PathSections): Check[] {
  const [first, ...others] = writtenPaths(given);
  if (!first) return [];
  return others.map(({ at, path }) => ({
    path: at,
    dependsOn: [first.at],
    violated: path !== first.path,
    message: `is ${path}, but ${first.at.join('.')} is ${first.path}, and MLflow serves one path (use ${first.path}, or remove one of them)`,
  }));
}
