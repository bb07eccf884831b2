import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { Manifest } from '../manifest';
import type { Violation } from './rule';

/**
 * The index of the patch that most likely caused a violation: one of that very location, else the first of its objects;
 * or -1.
 *
 * @param named an object with every state of it in which a patch may name it
 */
export function causeOf(
  { object, others = [], path = [] }: Omit<Violation, 'message'>,
  patches: ResolvedEnvironment['patches'],
  unapplied: ReadonlySet<number>,
  named: (object: Manifest) => readonly Manifest[],
): number {
  const isOf = (objects: readonly Manifest[]) => {
    const states = objects.flatMap(named);
    return (patch: ResolvedEnvironment['patches'][number], index: number) =>
      !unapplied.has(index) && states.some(({ kind, metadata }) => kind === patch.kind && metadata.name === patch.name);
  };
  const isOfIt = isOf([object]);
  const location = `${path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}/`;
  const precise = patches.findLastIndex(
    (patch, index) =>
      isOfIt(patch, index) && patch.operations.some((operation) => location.startsWith(`${operation.path}/`)),
  );
  return path.length > 0 && precise >= 0 ? precise : patches.findIndex(isOf([object, ...others]));
}
