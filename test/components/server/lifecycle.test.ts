import { healthPath, stopCommand } from '../../../lib/components/server/lifecycle';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolved, SMALLEST } from '../../support/support';

/** An environment with a release, as an image of one's own. */
const of = (version: string, more: EnvironmentInput = {}) =>
  resolved({ ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: version }, ...more });

describe('the end of a pod and its probes', () => {
  test.each([
    ['3.1.0', true],
    ['3.9.0', true],
    ['3.10.0', false],
    ['3.18.0', false],
  ])('%s: the children must be ended: %s', (version, children) => {
    expect(stopCommand(of(version).release).slice(0, 3)).toEqual(['python', '/programs/server/stop.py', '5']);
    expect(stopCommand(of(version).release).includes('--terminate-children')).toBe(children);
  });

  test.each([
    ['3.1.0', undefined, '/health'],
    ['3.18.0', undefined, '/health'],
    ['3.1.0', '/mlflow', '/health'],
    ['3.6.0', '/mlflow', '/health'],
    ['3.7.0', '/mlflow', undefined],
    ['3.18.0', '/mlflow', undefined],
  ])('%s below the prefix %s is asked at %s', (version, staticPrefix, path) => {
    expect(healthPath(of(version, { server: { staticPrefix } }))).toBe(path);
  });
});
