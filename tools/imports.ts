import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** The layers from top to bottom. A file may import from its own layer and from those below it. */
export const LAYERS: readonly (readonly string[])[] = [
  ['main.ts'],
  ['lib/cli', 'lib/index.ts'],
  ['lib/synth'],
  ['lib/constructs'],
  ['lib/mlflow', 'lib/convert'],
  ['lib/sealing'],
  ['lib/environment', 'imports'],
];

/** One import of a file of ours by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** All imports between the project's own sources, by path from its root. */
export function readImports(root: string): Import[] {
  const files = ['main.ts', ...sourcesBelow(root, 'lib'), ...sourcesBelow(root, 'imports')];
  return files.flatMap((from) => {
    const source = readFileSync(join(root, from), 'utf8');
    const named = [...source.matchAll(/\b(?:from|import|require)\s*\(?\s*['"](\.[^'"]*)['"]/g)];
    return named.map((match) => ({ from, to: resolveModule(root, from, match[1] ?? '', files) }));
  });
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesBelow(root, path);
      return path.endsWith('.ts') ? [path] : [];
    })
    .sort();
}

function resolveModule(root: string, from: string, module: string, files: readonly string[]): string {
  const base = relative(root, join(root, dirname(from), module)).replaceAll('\\', '/');
  const candidates = [`${base}.ts`, `${base}/index.ts`, base];
  return candidates.find((candidate) => files.includes(candidate)) ?? base;
}

/** The layer of a file, counted from the top, or -1. */
export const layerOf = (file: string): number =>
  LAYERS.findIndex((folders) => folders.some((folder) => file === folder || file.startsWith(`${folder}/`)));

/** Everything wrong with a set of imports: arrows that point upward or out of the layers, and circles. */
export function layerFaults(imports: readonly Import[]): string[] {
  const upward = imports
    .filter(({ from, to }) => layerOf(from) < 0 || layerOf(to) < 0 || layerOf(from) > layerOf(to))
    .map(({ from, to }) => `${from} imports ${to}, which is above it or in no layer`);
  return [...upward, ...circles(imports)];
}

function circles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) {
      found.push(`a circle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
    } else if (!done.has(file)) {
      for (const target of next.get(file) ?? []) visit(target, [...trail, file]);
      done.add(file);
    }
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

/** The arrows between folders with their number, for people: one line each, from top to bottom. */
export function describeLayers(imports: readonly Import[]): string[] {
  const folder = (file: string) => LAYERS.flat().find((name) => file === name || file.startsWith(`${name}/`)) ?? file;
  const counts = new Map<string, number>();
  for (const { from, to } of imports) {
    const arrow = `${folder(from)} -> ${folder(to)}`;
    if (folder(from) !== folder(to)) counts.set(arrow, (counts.get(arrow) ?? 0) + 1);
  }
  return [...counts].map(([arrow, count]) => `${arrow} (${count})`);
}
