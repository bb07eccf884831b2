import { healthPath } from '../../../lib/components/server/lifecycle';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolved, SMALLEST } from '../../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

describe('the probes of a pod', () => {
  test.each([
    ['3.1.0', undefined, '/health'],
    ['3.18.0', undefined, '/health'],
    ['3.1.0', '/mlflow', '/health'],
    ['3.6.0', '/mlflow', '/health'],
    ['3.7.0', '/mlflow', undefined],
    ['3.12.0', '/mlflow', undefined],
    ['3.13.0', '/mlflow', '/mlflow/health'],
    ['3.18.0', '/mlflow', '/mlflow/health'],
  ])('%s below the prefix %s is asked at %s', (version, staticPrefix, path) => {
    expect(healthPath(of(version, { server: { staticPrefix } }))).toBe(path);
  });
});
