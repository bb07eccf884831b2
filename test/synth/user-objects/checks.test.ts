import { objectIssues } from '../../../lib/synth/user-objects/checks';

/** What is said of the kind and the version of an object, which decide whether anything of it can be checked. */

const issues = (apiVersion: string | undefined, kind: string, more = {}) =>
  objectIssues({ ...(apiVersion ? { apiVersion } : {}), kind, metadata: { name: 'a' }, ...more }).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

test.each([
  ['v1', 'Deployment', 'apiVersion is v1, in which Deployment is not known (use apps/v1)'],
  ['v1', 'Ingress', 'apiVersion is v1, in which Ingress is not known (use networking.k8s.io/v1)'],
  ['networking.k8s.io/v1', 'ConfigMap', 'apiVersion is networking.k8s.io/v1, in which ConfigMap is not known (use v1)'],
  ['apps/v1beta2', 'Deployment', 'apiVersion is apps/v1beta2, in which Deployment is not known (use apps/v1)'],
  ['v1', 'Cronjob', 'kind is not a kind of v1 (did you mean CronJob of batch/v1?)'],
  [undefined, 'ConfigMap', 'apiVersion is missing (set it, such as v1)'],
  [undefined, 'Deployment', 'apiVersion is missing (set it, such as apps/v1)'],
])('of %s %s: %s', (apiVersion, kind, said) => {
  expect(issues(apiVersion, kind)).toEqual([said]);
});

test.each(['v1', 'core/v1', 'apps/v1'])('the values of a Secret of %s are refused', (apiVersion) => {
  expect(issues(apiVersion, 'Secret', { stringData: { a: 'hunter2' } })).toContainEqual(
    expect.stringMatching(/^stringData is readable in git/),
  );
});

test.each([
  ['v1', 'PersistentVolume'],
  ['networking.k8s.io/v1', 'IngressClass'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['example.com/v1', 'Deployment'],
  ['apps.example.com/v1', 'Ingres'],
])('%s %s may be', (apiVersion, kind) => {
  expect(issues(apiVersion, kind)).toEqual([]);
});
