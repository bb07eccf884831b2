import type { Path } from '../../../input/issue';
import { isPlainOutside } from './addresses';
import type { RiskCheck } from './risk';

/** What connections to a bucket of Google Cloud Storage open. */
export const gcsRisks = (path: Path, endpoint: string | undefined, so: string): RiskCheck[] => [
  {
    path: [...path, 'endpoint'],
    risk: 'plain-connections',
    applies: isPlainOutside(endpoint),
    what: `is ${endpoint}, outside the cluster and without TLS, so ${so}`,
    fix: 'use https',
  },
];
