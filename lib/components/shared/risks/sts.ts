import type { Path } from '../../../input/issue';
import type { S3Identity } from '../sections/s3-identity';
import { isPlainOutside } from './addresses';
import type { RiskCheck } from './risk';

/** A token, and the keys for it, on the way to an STS. */
export const stsRisk = (path: Path, identity: S3Identity | undefined): RiskCheck => {
  const url = identity?.irsa?.stsEndpoint;
  return {
    path: [...path, 'identity', 'irsa', 'stsEndpoint'],
    risk: 'plain-connections',
    applies: isPlainOutside(url),
    what: `is ${url}, outside the cluster and without TLS, so tokens and keys can be read on the way`,
    fix: 'use https',
  };
};
