import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Fault, formatFault, type Path, type Position } from '../input/issue';
import {
  type DocumentFault,
  type Located,
  mergeLocated,
  positionOf,
  readDocument,
  toPlain,
  without,
} from '../input/located-yaml';
import type { Environment } from './model';
import { type EnvironmentCheck, parseEnvironment } from './parse';

/** An environment file that was read: the environment when nothing is wrong, and the way to place further faults. */
export interface LoadedEnvironment {
  readonly environment?: Environment;
  /** One finished line for each fault, in the order of the file. */
  readonly faults: readonly string[];
  /** Places a fault that an upper layer found, as one finished line. */
  locate(fault: Fault): string;
}

const MAX_BASES = 16;

/**
 * Reads an environment file with the files that it extends, and validates the whole. Nothing that the files may hold
 * makes it throw.
 *
 * @param file path of the file; faults name it as it is given here
 * @param further what an upper layer has to check; its faults are placed and sorted with the others
 */
export function loadEnvironment(file: string, further?: EnvironmentCheck): LoadedEnvironment {
  const { root, faults } = readChain(file, []);
  const start: Position = { file, line: 1, column: 1 };
  const locate = (fault: Fault) => formatFault(root ? positionOf(root, fault.path) : start, fault);
  if (!root || faults.length > 0) return { faults: faults.map((fault) => formatFault(fault.at, fault)), locate };
  const parsed = parseEnvironment(toPlain(root), further);
  const placed = parsed.faults.map((fault) => ({ at: positionOf(root, fault.path), fault }));
  placed.sort(
    (a, b) =>
      Number(a.at.file > b.at.file) - Number(a.at.file < b.at.file) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column,
  );
  return { environment: parsed.environment, faults: placed.map(({ at, fault }) => formatFault(at, fault)), locate };
}

interface Chain {
  readonly root?: Located;
  readonly faults: readonly DocumentFault[];
  readonly unreadable?: string;
}

/** The file over what it extends, which may extend another in turn. */
function readChain(file: string, above: readonly string[]): Chain {
  const reading = readDocument(file);
  const extended = reading.root?.entries.get('extends');
  if (!reading.root || !extended) return reading;
  const own = without(reading.root, ['extends']);
  const failed = (message: string): Chain => ({
    faults: [...reading.faults, { at: extended.at, path: ['extends'] as Path, message }],
  });
  const name = toPlain(extended.value);
  if (typeof name !== 'string' || name === '') return failed('is not the path of a file (write extends: ../base.yaml)');
  const base = besides(file, name);
  const seen = [...above, resolve(file)];
  if (seen.includes(resolve(base))) return failed('leads back to this file (remove one extends)');
  if (seen.length > MAX_BASES) return failed(`goes deeper than ${MAX_BASES} files`);
  const below = readChain(base, seen);
  if (below.unreadable) return failed(`names ${base}, which ${below.unreadable}`);
  if (!below.root) return { faults: [...reading.faults, ...below.faults] };
  return { root: mergeLocated(below.root, own), faults: [...reading.faults, ...below.faults] };
}

/** A path beside `file`, relative to the working directory when `file` is. */
function besides(file: string, name: string): string {
  if (isAbsolute(name)) return name;
  const path = join(dirname(file), name);
  return isAbsolute(file) ? path : relative('.', resolve(path)) || '.';
}
