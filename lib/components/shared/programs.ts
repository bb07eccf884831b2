import type { Volume, VolumeMount } from '../../kubernetes/objects';
import { checksum } from '../../kubernetes/pod';
import { PROGRAMS_PATH } from './constants';

/**
 * The texts of the programs that run inside the pods, by path, as in `prepare/__main__.py`. They are read once, outside
 * of the constructs.
 */
export type Programs = Readonly<Record<string, string>>;

/** The ConfigMap of the programs of one folder. All together would be too large for one object. */
const programsName = (instance: string, folder: string): string =>
  `${instance}-programs-${folder.replaceAll('_', '-')}`;

/** A ConfigMap of programs. */
export interface ProgramsConfigMap {
  readonly name: string;
  /** The path of each program that it contains, and the key of it. */
  readonly items: readonly { readonly key: string; readonly path: string }[];
}

/** The ConfigMaps that contain programs, one for each folder. */
export function programsConfigMaps(instance: string, paths: readonly string[]): ProgramsConfigMap[] {
  const folderOf = (path: string) => path.split('/')[0] ?? '';
  return [...new Set(paths.map(folderOf))].map((folder) => ({
    name: programsName(instance, folder),
    items: paths
      .filter((path) => folderOf(path) === folder)
      .map((path) => ({ key: path.slice(folder.length + 1), path })),
  }));
}

/** Strings and comments, which may contain the words of an import, and line continuations. */
const NO_CODE = /("""|''')(?:\\[\s\S]|[^\\])*?\1|(["'])(?:\\[\s\S]|[^\\\n])*?\2|#.*|\\\n/g;

/** An import, anywhere in a line: both words are keywords, so nothing else in code looks like it. */
const IMPORT = /\bfrom[ \t]*([. \t]*)([\w.]*)[ \t]*\bimport\b[ \t]*(?:\(([^)]*)\)|([^;\n]*))|\bimport[ \t]+([^;\n]*)/g;

/** The modules and their members that a Python text of a package imports, as dotted names. */
function importedNames(text: string, folders: readonly string[]): string[] {
  const code = text.replace(NO_CODE, ' ');
  const names = (list = '') => list.split(',').flatMap((name) => /[\w.]+/.exec(name) ?? []);
  return [...code.matchAll(IMPORT)].flatMap(([, dots, module, several, members, plain]) => {
    if (dots === undefined) return names(plain);
    // One dot is the package itself, each further one the package above.
    const level = dots.replace(/\s/g, '').length;
    const base = level > 0 ? folders.slice(0, folders.length - level + 1) : [];
    const from = [...base, ...(module ? [module] : [])].join('.');
    return [from, ...names(several ?? members).map((name) => `${from}.${name}`)];
  });
}

/** The files that importing a dotted name reads: the module, and each package above it. */
function filesOf(programs: Programs, name: string): string[] {
  const parts = name.split('.');
  const packages = parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/__init__.py`);
  return [...packages, `${parts.join('/')}.py`].filter((path) => Object.hasOwn(programs, path));
}

const imports = new WeakMap<Programs, Map<string, readonly string[]>>();

/** The files that a Python program imports itself. Its text is read once, however many pods of environments start it. */
function importsOf(programs: Programs, path: string): readonly string[] {
  const known = imports.get(programs) ?? new Map<string, readonly string[]>();
  imports.set(programs, known);
  let files = known.get(path);
  if (!files) {
    const folders = path.split('/').slice(0, -1);
    const names = new Set([...importedNames(programs[path] ?? '', folders), folders.join('.')]);
    files = [...new Set([...names].flatMap((name) => filesOf(programs, name)))];
    known.set(path, files);
  }
  return files;
}

/**
 * The programs that entry points need: themselves, and all modules of ours that they import, directly or not.
 *
 * @throws Error if there is no program of such a path
 */
export function usedPrograms(programs: Programs, entryPoints: readonly string[]): Programs {
  const found = new Set<string>();
  const add = (path: string) => {
    if (found.has(path)) return;
    if (programs[path] === undefined) throw new Error(`there is no program ${path}`);
    found.add(path);
    if (path.endsWith('.py')) importsOf(programs, path).forEach(add);
  };
  for (const path of entryPoints) add(path);
  return Object.fromEntries([...found].sort().map((path) => [path, programs[path] ?? '']));
}

/** What a pod that runs programs has besides. */
export interface MountedPrograms {
  /** With the modules that the pod's programs import, and no other. */
  readonly volume: Volume;
  /** A pod is replaced when a program that it uses changes, and only then. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The mount of a container. */
export const PROGRAMS_MOUNT: VolumeMount = { name: 'programs', mountPath: PROGRAMS_PATH, readOnly: true };

/** Mounts the programs that the entry points of a pod need. */
export function mountPrograms(instance: string, programs: Programs, entryPoints: readonly string[]): MountedPrograms {
  const { paths, sum } = summaryOf(programs, entryPoints);
  const sources = programsConfigMaps(instance, paths).map(({ name, items }) => ({
    configMap: { name, items: [...items] },
  }));
  return {
    volume: { name: 'programs', projected: { sources } },
    annotations: { 'checksum/programs': sum },
  };
}

interface Summary {
  readonly paths: readonly string[];
  readonly sum: string;
}

const summaries = new WeakMap<Programs, Map<string, Summary>>();

/** The paths and the checksum of the programs that entry points need, computed once for all pods and environments. */
function summaryOf(programs: Programs, entryPoints: readonly string[]): Summary {
  const known = summaries.get(programs) ?? new Map<string, Summary>();
  summaries.set(programs, known);
  const key = entryPoints.join();
  let summary = known.get(key);
  if (!summary) {
    const used = usedPrograms(programs, entryPoints);
    summary = { paths: Object.keys(used), sum: checksum(used) };
    known.set(key, summary);
  }
  return summary;
}
