import { kinds } from '../../../lib/kubernetes/generated/schemas.json';
import { composeEnvironment } from '../../../lib/synth/compose';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { resolved, SMALLEST } from '../../support/support';

describe('compose', () => {
  const of = (...manifests: unknown[]) =>
    composeEnvironment(
      resolved(SMALLEST),
      SHORT_PROGRAMS,
      [],
      manifests.map((manifest) => ({ manifest })),
    );
  const route = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'web' }, spec: {} };

  test('takes objects of a program', () => {
    const { files, issues } = of(route);
    expect(issues).toEqual([]);
    expect(files.at(-1)).toEqual({
      name: 'objects',
      objects: [{ ...route, metadata: { name: 'web', namespace: 'mlflow' } }],
    });
  });

  test('locates issues by their index', () => {
    const { issues } = of(route, { ...route, metadata: {} }, null);
    expect(issues.map(({ path }) => path)).toEqual([
      ['objects', 1, 'metadata', 'name'],
      ['objects', 2],
    ]);
  });

  let withoutIssue = 0;

  test.each(Object.keys(kinds))('reads whatever a %s may be', (name) => {
    const [apiVersion, kind] = name.split(' ');
    const parts = [
      {},
      null,
      [],
      'text',
      { template: null },
      { template: { spec: null } },
      { selector: null, rules: [null] },
    ];
    let left = parts
      .flatMap((part) => [
        ...['spec', 'data', 'rules', 'roleRef', 'subjects'].map((field) => ({ metadata: {}, [field]: part })),
        ...['labels', 'annotations'].map((field) => ({ metadata: { [field]: part } })),
      ])
      .map((form, index) => ({ apiVersion, kind, ...form, metadata: { name: `any-${index}`, ...form.metadata } }));
    // Nothing throws. One environment for all, where an object with an issue would keep others from later checks.
    for (let issues = of(...left).issues; issues.length > 0; issues = of(...left).issues) {
      const wrong = new Set(issues.map(({ path: [, index] }) => left[Number(index)]));
      expect(wrong).not.toContain(undefined);
      left = left.filter((each) => !wrong.has(each));
    }
    withoutIssue += left.length;
  });

  test('reads forms of the most different kinds to the end', () => {
    expect(withoutIssue).toBeGreaterThan(100);
  });

  test('changes nothing if there are none', () => {
    expect(of().files).toEqual(composeEnvironment(resolved(SMALLEST), SHORT_PROGRAMS).files);
  });
});
