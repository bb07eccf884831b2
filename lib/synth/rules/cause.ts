import type { LocatedPatch } from '../../components/shared/contributions/patches';
import { applyPatches, matches } from '../apply-patches';
import type { Manifest, OutputFile } from '../manifest';
import { withoutNulls } from './nulls';
import type { Violation } from './rule';

/** With more patches of an object than this, its first one is named: each that is tried costs a check of all objects. */
const MOST_TRIED = 200;

/** The objects after the first patches alone, for each number of patches, each made once. */
export class PatchedStates {
  private readonly files: (readonly OutputFile[])[];
  private readonly objects = new Map<number, readonly Manifest[]>();

  constructor(
    unpatched: readonly OutputFile[],
    readonly patches: readonly LocatedPatch[],
  ) {
    this.files = [unpatched];
  }

  /** @param count how many patches are applied */
  after(count: number): readonly Manifest[] {
    for (let made = this.files.length; made <= count; made += 1) {
      const patch = this.patches[made - 1];
      this.files.push(applyPatches(this.files[made - 1] ?? [], patch ? [patch] : []).files);
    }
    const known = this.objects.get(count);
    if (known) return known;
    const objects = (this.files[count] ?? []).flatMap((file) => file.objects.map(withoutNulls));
    this.objects.set(count, objects);
    return objects;
  }
}

/** What a cause is looked for with. */
export interface Evidence<Found> {
  readonly states: PatchedStates;
  /** Indices of patches that were not applied. */
  readonly unapplied: ReadonlySet<number>;
  /** An object with every state of it in which a patch may name it. */
  named(object: Manifest): readonly Manifest[];
  /** What is wrong with objects. */
  find(objects: readonly Manifest[]): readonly Found[];
  /** What is wrong, so that two states can be compared. */
  describe(found: Found): string;
}

/**
 * Finds the index of the patch that most likely caused a violation: one of that very location, else the one of its
 * objects with which it appears, else the first of them; or -1, also if it was there before any patch.
 */
export function causeFinder<Found extends Omit<Violation, 'message'>>(
  evidence: Evidence<Found>,
): (found: Found) => number {
  const { states, unapplied, named, find, describe } = evidence;
  const { patches } = states;
  const descriptions = new Map<number, ReadonlySet<string>>();
  const existsAfter = (count: number, found: Found) => {
    const known = descriptions.get(count) ?? new Set(find(states.after(count)).map(describe));
    descriptions.set(count, known);
    return known.has(describe(found));
  };
  return (found) => {
    const { object, others = [], path = [] } = found;
    const isOf = (objects: readonly Manifest[]) => {
      const all = objects.flatMap(named);
      return (patch: LocatedPatch, index: number) => !unapplied.has(index) && all.some((each) => matches(each, patch));
    };
    const isOfIt = isOf([object]);
    const location = `${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}/`;
    const precise = patches.findLastIndex(
      (patch, index) =>
        isOfIt(patch, index) && patch.operations.some((operation) => location.startsWith(`${operation.path}/`)),
    );
    if (path.length > 0 && precise >= 0) return precise;
    if (patches.length > 0 && existsAfter(0, found)) return -1;
    const isCandidate = isOf([object, ...others]);
    const candidates = [...patches.keys()].filter((index) => patches[index] && isCandidate(patches[index], index));
    const isTried = candidates.length > 1 && candidates.length <= MOST_TRIED;
    return (isTried ? candidates.find((index) => existsAfter(index + 1, found)) : undefined) ?? candidates[0] ?? -1;
  };
}
