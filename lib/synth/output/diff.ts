import { type Document, parseAllDocuments } from 'yaml';
import { describeManifest, identity, isManifest, type Manifest } from '../manifest';
import { type Change, changesBetween, type Step } from './compare';
import { type Difference, environmentOf, foldLabels, type Placed } from './fold-labels';
import { show, showBoth } from './show';
import type { FileChange } from './writer';

/** How two versions of the output differ, object by object and field by field, as lines to print. */
export function describeChanges(changes: readonly FileChange[]): string[] {
  const before = objectsOf(changes, 'before');
  const after = objectsOf(changes, 'after');
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  const differences = keys.map((key) => differenceOf(before.get(key), after.get(key)));
  const folded = foldLabels(differences, () => keptObjects(changes));
  return [...folded.lines, ...folded.rest.flatMap(describeDifference)];
}

/** What the files that stay as they are contain. */
const keptObjects = (changes: readonly FileChange[]): Placed[] =>
  changes
    .filter(({ action }) => action === 'keep')
    .flatMap(({ before = '', path }) => manifestsOf(before).map((object) => ({ object, path })));

/** Objects by environment and identity, so that one which moves to another file is not shown as removed and created. */
function objectsOf(changes: readonly FileChange[], side: 'before' | 'after'): ReadonlyMap<string, Placed> {
  return new Map(
    changes.flatMap((change) => {
      const text = change[side];
      if (text === undefined || change.action === 'keep') return [];
      return manifestsOf(text).map((object) => {
        const placed = { object, path: change.path };
        return [`${environmentOf(placed)}|${identity(object)}`, placed];
      });
    }),
  );
}

/** The manifests of a text; anything else (a file edited by hand) is left out. */
export function manifestsOf(text: string): Manifest[] {
  return [...parseAllDocuments(text)].flatMap((document) => {
    const value = document.errors.length > 0 ? undefined : plainValue(document);
    return isManifest(value) ? [value] : [];
  });
}

/** A document as plain data; undefined if an alias has no anchor, contains itself or expands to too many values. */
function plainValue(document: Document): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS()));
  } catch {
    return undefined;
  }
}

const differenceOf = (before: Placed | undefined, after: Placed | undefined): Difference => ({
  before,
  after,
  changes: before && after ? changesBetween(before.object, after.object) : [],
});

function describeDifference({ before, after, changes }: Difference): string[] {
  if (!before) return after ? [`+ ${describeManifest(after.object)} (${after.path})`] : [];
  if (!after) return [`- ${describeManifest(before.object)} (${before.path})`];
  if (changes.length === 0) return [];
  return [
    `~ ${describeManifest(after.object)} (${after.path})`,
    ...changes.map((change) => `    ${describeChange(change)}`),
  ];
}

function describeChange({ kind, path, before, after }: Change): string {
  const name = formatSteps(path);
  if (kind === 'added') return `+ ${name}: ${show(after)}`;
  if (kind === 'removed') return `- ${name}: ${show(before)}`;
  if (kind === 'reordered') return `~ ${name}: the same in another order`;
  return `~ ${name}: ${showBoth(before, after).join(' -> ')}`;
}

const formatSteps = (path: readonly Step[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (typeof step === 'object') return `${text}[${step.name}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${step}]`;
    return text ? `${text}.${step}` : step;
  }, '');
