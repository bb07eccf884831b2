import type { PatchOperationInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { composeEnvironment } from '../../lib/synth/compose';
import type { OutputFile } from '../../lib/synth/manifest';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { filesOf, one, resolved, SMALLEST } from '../support/support';

describe('patches', () => {
  const composed = (patches: EnvironmentInput['patches']) =>
    composeEnvironment(resolved({ ...SMALLEST, patches }), SHORT_PROGRAMS);
  const objects = (files: readonly OutputFile[]) => files.flatMap((file) => file.objects);
  const deployment = (...operations: PatchOperationInput[]) => ({
    kind: 'Deployment',
    name: 'mlflow',
    operations,
  });

  test('are applied in order, to the object that they name and no other', () => {
    const { files, issues } = composed([
      deployment(
        { op: 'add', path: '/spec/paused', value: false },
        { op: 'replace', path: '/spec/paused', value: true },
      ),
      deployment(
        { op: 'test', path: '/spec/paused', value: true },
        { op: 'remove', path: '/spec/revisionHistoryLimit' },
      ),
    ]);
    expect(issues).toEqual([]);
    const { paused, revisionHistoryLimit } = one(objects(files), 'Deployment').spec ?? {};
    expect([paused, revisionHistoryLimit]).toEqual([true, undefined]);
    const others = (of: readonly OutputFile[]) => objects(of).filter(({ kind }) => kind !== 'Deployment');
    expect(others(files)).toEqual(others(filesOf(SMALLEST, SHORT_PROGRAMS)));
  });

  test.each([
    ['Deployment', 'mlfow', 'did you mean Deployment mlflow?'],
    ['deployment', 'mlflow', 'did you mean Deployment mlflow?'],
    ['Deploymnet', 'mlflw', 'did you mean Deployment mlflow?'],
    ['Deployment', 'zzzzzzzzz', 'available: Deployment mlflow'],
    [
      'Service',
      'mlflow-databse',
      'did you mean Service mlflow-database? of this kind: mlflow, mlflow-database, mlflow-object-store',
    ],
    ['StatefulSet', 'mlflow', 'available: StatefulSet mlflow-database, mlflow-object-store'],
    ['Secret', 'mlflow', 'of this name: Deployment, '],
    ['ReplicaSet', 'mlflow-object-store', 'of this name: NetworkPolicy, '],
    ['Ingress', 'zzzzzzzzzzzzzzz', 'kinds: '],
  ])(
    'of %s %s that matches nothing: the issue names what was meant, those of the kind, or the kinds',
    (kind, name, hint) => {
      const { issues } = composeEnvironment(
        resolved({ ...OWN_STORES, patches: [{ kind, name, operations: [{ op: 'remove', path: '/spec' }] }] }),
        SHORT_PROGRAMS,
      );
      expect(issues).toHaveLength(1);
      const [, shown = ''] = /^matches no object \((.*)\)$/.exec(issues[0]?.message ?? '') ?? [];
      expect(shown.slice(0, hint.length)).toBe(hint);
      // Other kinds are not listed with their objects.
      expect(shown.length).toBeLessThan(220);
      if (!hint.startsWith('kinds')) expect(shown.includes('kinds: ')).toBe(false);
    },
  );

  test('that match nothing or do not apply are issues, each at its place', () => {
    const { issues } = composed([
      { kind: 'Deployment', name: 'other', operations: [{ op: 'remove', path: '/spec' }] },
      deployment({ op: 'remove', path: '/spec/nothing' }, { op: 'test', path: '/spec/replicas', value: 7 }),
      deployment({ op: 'replace', path: '/spec/a/b', value: 1 }),
      { kind: 'deployment', name: 'mlflow', operations: [{ op: 'remove', path: '/spec' }] },
      deployment({ op: 'replace', path: '/spec/replcias', value: 2 }),
      deployment(
        { op: 'add', path: '/spec/template/spec/containers/9', value: {} },
        { op: 'add', path: '/spec/template/spec/containers/x', value: {} },
        { op: 'remove', path: '/spec/template/spec/containers/-' },
        { op: 'add', path: '/spec/replicas/x', value: 1 },
      ),
    ]);
    expect(issues.map(({ path }) => path.join('.'))).toEqual([
      'patches.0',
      'patches.1.operations.0',
      'patches.1.operations.1',
      'patches.2.operations.0',
      'patches.3',
      'patches.4.operations.0',
      ...[0, 1, 2, 3].map((step) => `patches.5.operations.${step}`),
    ]);
  });

  test('that fail do not hide what is wrong with others', () => {
    const nope = { kind: 'Nope', name: 'mlflow', operations: [{ op: 'remove' as const, path: '/spec' }] };
    const unknown = deployment({ op: 'add', path: '/spec/foo', value: 1 });
    const failing = deployment({ op: 'remove', path: '/spec/nothing' });
    const paths = (...patches: NonNullable<EnvironmentInput['patches']>) =>
      composed(patches).issues.map(({ path }) => path.join('.'));
    expect(paths(nope, unknown)).toEqual(['patches.0', 'patches.1']);
    expect(paths(failing, unknown)).toEqual(['patches.0.operations.0', 'patches.1']);
    const selecting = {
      kind: 'Service',
      name: 'mlflow',
      operations: [{ op: 'replace' as const, path: '/spec/selector', value: { a: 'b' } }],
    };
    expect(paths(nope, selecting, failing)).toEqual(['patches.0', 'patches.2.operations.0']);
    expect(paths(nope, selecting)).toEqual(['patches.0', 'patches.1']);
  });

  test('that fail are applied in no part, and what follows from that is no issue', () => {
    const pod = '/spec/template/spec';
    const { issues } = composed([
      deployment(
        { op: 'add', path: `${pod}/volumes/-`, value: { name: 'extra', emptyDir: {} } },
        { op: 'remove', path: '/spec/nothing' },
      ),
      deployment({ op: 'add', path: `${pod}/containers/0/volumeMounts/-`, value: { name: 'extra', mountPath: '/x' } }),
    ]);
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['patches.0.operations.1']);
  });

  test('that break a rule are named as the place of the issue', () => {
    const { issues } = composed([deployment({ op: 'replace', path: '/spec/selector/matchLabels', value: { a: 'b' } })]);
    expect(issues.map(({ path }) => path.join('.'))).toEqual(['patches.0']);
    expect(issues[0]?.message).toContain('selects no pod');
  });

  test('may take away what only makes an instance safer, and what its namespace lets in', () => {
    const pod = '/spec/template/spec';
    const without = deployment(
      { op: 'remove', path: `${pod}/containers/0/livenessProbe` },
      { op: 'remove', path: `${pod}/containers/0/resources/limits/cpu` },
      { op: 'remove', path: `${pod}/containers/0/securityContext/readOnlyRootFilesystem` },
    );
    expect(composed([without]).issues).toEqual([]);
    const onNode = deployment({ op: 'add', path: `${pod}/hostNetwork`, value: true });
    expect(composed([onNode]).issues).toEqual([
      {
        path: ['patches', 0],
        message: expect.stringMatching(
          /^Deployment mlflow\/mlflow has a pod that shares .*hostNetwork.* \[rule pod-security: /,
        ),
      },
    ]);
    const open = resolved({ ...SMALLEST, namespace: { podSecurity: 'privileged' }, patches: [onNode] });
    expect(composeEnvironment(open, SHORT_PROGRAMS).issues).toEqual([]);
  });

  test.each([
    [{ op: 'add', path: '/spec/template/spec/hostAlias', value: [] }, /hostAlias is not .*did you mean hostAliases/],
    [
      { op: 'add', path: '/spec/template/spec/containers/0/comand', value: ['x'] },
      /containers\[0\]\.comand is not .*command/,
    ],
    [{ op: 'add', path: '/spec/replicas', value: '2' }, /spec\.replicas is a string \(use an integer/],
    [{ op: 'add', path: '/spec/template/spec/restartPolicy', value: 'always' }, /restartPolicy is "always" .*Always/],
    [
      { op: 'replace', path: '/spec/template/spec/containers', value: { a: {} } },
      /spec\.containers is a map \(use a list/,
    ],
    [{ op: 'replace', path: '/spec/replicas', value: -1 }, /spec\.replicas is -1 \(must be at least 0/],
    [
      { op: 'add', path: '/spec/template/spec/terminationGracePeriodSeconds', value: -5 },
      /terminationGracePeriodSeconds is -5/,
    ],
    [{ op: 'add', path: '/spec/template/spec/containers/0/livenessProbe/timeoutSeconds', value: 0 }, /is 0 \(must/],
    [
      { op: 'add', path: '/spec/template/spec/nodeSelector', value: { a: 'b c' } },
      /nodeSelector\.a has an invalid format/,
    ],
    [{ op: 'add', path: '/metadata/finalizers', value: ['x'] }, /finalizers\[0\] has an invalid format/],
    [{ op: 'remove', path: '/spec/template' }, /spec\.template is missing \(add it/],
  ] as const)('that the schema of Kubernetes refuses are issues: %j', (operation, message) => {
    const { issues } = composed([deployment(operation)]);
    expect(issues).toContainEqual({ path: ['patches', 0], message: expect.stringMatching(message) });
    expect(issues.map((issue) => issue.message).join()).not.toContain('cannot read');
  });

  test('that break the schema are told apart from other patches of the object', () => {
    const { issues } = composed([
      deployment({ op: 'add', path: '/spec/paused', value: true }),
      deployment({ op: 'replace', path: '/spec/replicas', value: '2' }),
      deployment({ op: 'add', path: '/spec/template/spec', value: { containers: [{ name: 'a', comand: [] }] } }),
      deployment({ op: 'add', path: '/spec/minReadySeconds', value: 1 }),
    ]);
    const paths = issues.filter(({ message }) => message.includes('matches-schema')).map(({ path }) => path.join('.'));
    expect(paths).toEqual(['patches.1', 'patches.2']);
  });

  test('do not change the environment that they came from', () => {
    const value = { a: 'b' };
    composed([
      deployment(
        { op: 'add', path: '/metadata/annotations', value },
        { op: 'add', path: '/metadata/annotations/c', value: 'd' },
      ),
    ]);
    expect(value).toEqual({ a: 'b' });
  });

  test.each([
    [{ op: 'replace', path: '/kind', value: 'List' }, 'List of apps/v1'],
    [{ op: 'replace', path: '/kind', value: 'ReplicaSet' }, 'ReplicaSet of apps/v1'],
    [{ op: 'replace', path: '/apiVersion', value: 'example.com/v1' }, 'Deployment of example.com/v1'],
    [
      {
        op: 'replace',
        path: '',
        value: { apiVersion: 'v1', kind: 'List', metadata: { name: 'mlflow' }, items: [{ kind: 'Pod' }] },
      },
      'List of v1',
    ],
  ] as const)('that make another object of it are issues, because no rule checks that: %j', (operation, object) => {
    const { issues, files } = composed([deployment(operation)]);
    const message = `makes Deployment mlflow an object of kind ${object} (write another object into a file of your own)`;
    expect(issues).toEqual([{ path: ['patches', 0], message }]);
    expect(files.flatMap(({ objects }) => objects.map(({ kind }) => kind))).toContain('Deployment');
  });
});
