import type { LocatedPatch } from '../../components/shared/contributions/patches';
import type { Manifest } from '../manifest';
import type { Violation } from './rule';

/** Of more patches than this the first of an object is blamed: each costs a check of all objects. */
const MOST_TRIED = 50;

/** What a cause is looked for with. */
export interface Evidence {
  readonly patches: readonly LocatedPatch[];
  /** Indices of patches that were not applied. */
  readonly unapplied: ReadonlySet<number>;
  /** An object with every state of it in which a patch may name it. */
  named(object: Manifest): readonly Manifest[];
  /** Whether the same is wrong after the first patches alone. */
  isThereAfter(count: number): boolean;
}

/**
 * The index of the patch that most likely caused a violation: one of that very location, else the one of its objects with
 * which it appears, else the first of them; or -1, also if it was there before any patch.
 */
export function causeOf(
  { object, others = [], path = [] }: Omit<Violation, 'message'>,
  { patches, unapplied, named, isThereAfter }: Evidence,
): number {
  const isOf = (objects: readonly Manifest[]) => {
    const states = objects.flatMap(named);
    return (patch: LocatedPatch, index: number) =>
      !unapplied.has(index) && states.some(({ kind, metadata }) => kind === patch.kind && metadata.name === patch.name);
  };
  const isOfIt = isOf([object]);
  const location = `${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}/`;
  const precise = patches.findLastIndex(
    (patch, index) =>
      isOfIt(patch, index) && patch.operations.some((operation) => location.startsWith(`${operation.path}/`)),
  );
  if (path.length > 0 && precise >= 0) return precise;
  if (patches.length > 0 && isThereAfter(0)) return -1;
  const isCandidate = isOf([object, ...others]);
  const candidates = [...patches.keys()].filter((index) => patches[index] && isCandidate(patches[index], index));
  const isTried = candidates.length > 1 && candidates.length <= MOST_TRIED;
  return (isTried ? candidates.find((index) => isThereAfter(index + 1)) : undefined) ?? candidates[0] ?? -1;
}
