import type { Path } from '../../../input/issue';
import { areEverywhereTogether, isEverywhere } from './addresses';
import type { RiskCheck } from './risk';

/**
 * What address blocks open that are let in: each, and all of them together.
 *
 * @param path the key of the list
 * @param fix what to name in their place
 * @param also what such a block opens besides, as the end of a sentence
 */
export const blockRisks = (path: Path, blocks: readonly string[], fix: string, also = ''): RiskCheck[] => [
  {
    path,
    risk: 'open-network',
    applies: areEverywhereTogether(blocks),
    what: 'admit more public addresses together than any private network has',
    fix,
  },
  ...blocks.map((cidr, index) => ({
    path: [...path, index],
    risk: 'open-network' as const,
    applies: isEverywhere(cidr),
    what: `is ${cidr}, which is wider than any private network${also}`,
    fix,
  })),
];
