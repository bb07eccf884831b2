import { accountsOf } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { issuesOf } from '../../support/checks';
import { OWN_STORES } from '../../support/embedded-fixtures';
import { all, objectsOf, resolved } from '../../support/support';

/** The ServiceAccount of the server, beside those of other components. */

/** An environment in which every component that has an account has one. */
const EVERYTHING: EnvironmentInput = {
  ...OWN_STORES,
  secrets: { provider: 'generated' },
  backup: { destination: { claim: {} } },
  garbageCollection: {},
  smokeTest: { enabled: true },
};

const withAccount = (serviceAccount: NonNullable<EnvironmentInput['server']>['serviceAccount']): EnvironmentInput => ({
  ...EVERYTHING,
  server: { serviceAccount },
});

const rendered = all(objectsOf(EVERYTHING), 'ServiceAccount').flatMap(({ metadata }) => metadata?.name ?? []);
const others = rendered.filter((name) => name !== 'mlflow');

test('every account that is rendered is contributed by the component that it is for', () => {
  expect(others.toSorted()).toEqual(accountsOf(resolved(EVERYTHING)).toSorted());
  expect(others.length).toBeGreaterThanOrEqual(6);
});

describe.each(others)('the account %s of another component', (name) => {
  test.each([true, false])('is refused for the server, with create: %s', (create) => {
    expect(issuesOf(withAccount({ create, name }))).toEqual([
      `server.serviceAccount.name: is ${name}, the ServiceAccount of another component (use another name)`,
    ]);
  });
});

test('an account of a component that the environment does not have is free', () => {
  for (const name of ['mlflow-backup', 'mlflow-gc', 'mlflow-smoke-test'])
    expect(issuesOf({ ...OWN_STORES, server: { serviceAccount: { name } } })).toEqual([]);
});

test('an existing account has a name', () => {
  expect(issuesOf(withAccount({ create: false }))).toEqual([
    'server.serviceAccount.name: is missing (set the name of the existing ServiceAccount)',
  ]);
  expect(issuesOf(withAccount({ create: false, name: 'mlflow' }))).toEqual([]);
});

test('the account that Kubernetes creates is not created, but can be used', () => {
  expect(issuesOf(withAccount({ name: 'default' }))).toEqual([
    expect.stringMatching(/^server\.serviceAccount\.name: is default, .* \(use another name, or create: false\)$/),
  ]);
  expect(issuesOf(withAccount({ create: false, name: 'default' }))).toEqual([]);
});
