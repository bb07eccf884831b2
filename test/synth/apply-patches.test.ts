import type { PatchOperationInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { applyPatches } from '../../lib/synth/apply-patches';
import { compose } from '../../lib/synth/compose';
import type { OutputFile } from '../../lib/synth/manifest';
import { checkRules } from '../../lib/synth/rules';
import { EMBEDDED, SHORT_PROGRAMS, written } from '../support/fixtures';
import { LARGE_SAMPLE } from '../support/sample-size';
import { filesOf, one, resolved, SMALLEST, walk } from '../support/support';

describe('patches', () => {
  const composed = (patches: EnvironmentInput['patches']) =>
    compose(resolved({ ...SMALLEST, patches }), SHORT_PROGRAMS);
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
    expect(compose(open, SHORT_PROGRAMS).issues).toEqual([]);
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
});

describe('a reference that a patch changes', () => {
  const pod = '/spec/template/spec';
  const add = (path: string, value: unknown) => ({ op: 'add', path: `${pod}${path}`, value }) as const;
  const patch = (kind: string, name: string, ...operations: PatchOperationInput[]) => ({ kind, name, operations });
  const deployment = (...operations: PatchOperationInput[]) => patch('Deployment', 'mlflow', ...operations);
  const renamed = (kind: string, name: string) =>
    patch(kind, name, { op: 'replace', path: '/metadata/name', value: 'other' });
  const secretKey = (name: string, key: string) =>
    add('/containers/0/env/-', { name: 'X', valueFrom: { secretKeyRef: { name, key } } });
  const projected = (...sources: object[]) => add('/volumes/-', { name: 'more', projected: { sources } });
  const issuesOf = (patches: EnvironmentInput['patches'], more: EnvironmentInput = {}) =>
    compose(resolved({ ...SMALLEST, secrets: { provider: 'existing' }, ...more, patches }), SHORT_PROGRAMS).issues.map(
      ({ path, message }) => `${path.join('.')} ${message}`,
    );

  test.each<[string, EnvironmentInput['patches'], string]>([
    ['an account is renamed', [renamed('ServiceAccount', 'mlflow')], 'ServiceAccount mlflow'],
    ['a ConfigMap is renamed', [renamed('ConfigMap', 'mlflow-programs-server')], 'ConfigMap mlflow-programs-server'],
    ['the namespace is renamed', [renamed('Namespace', 'mlflow')], 'in namespace mlflow'],
    [
      'a renamed account is named',
      [renamed('ServiceAccount', 'mlflow'), deployment(add('/serviceAccountName', 'mlflow'))],
      'ServiceAccount mlflow',
    ],
    ['a key is misspelt', [deployment(secretKey('mlflow-db-credentials', 'usrname'))], 'has only username, password'],
    [
      'a key of a projected Secret is misspelt',
      [deployment(projected({ secret: { name: 'mlflow-db-credentials', items: [{ key: 'usrname', path: 'a' }] } }))],
      'has only username, password',
    ],
    [
      'a key of a projected ConfigMap is misspelt',
      [deployment(projected({ configMap: { name: 'mlflow-programs-server', items: [{ key: 'a', path: 'a' }] } }))],
      'key a of ConfigMap mlflow-programs-server, which has only',
    ],
    [
      'only the name of a reference with a key is replaced',
      [
        deployment(add('/containers/0/env/0', { name: 'X', valueFrom: { secretKeyRef: { name: 'mine', key: 'a' } } }), {
          op: 'replace',
          path: `${pod}/containers/0/env/0/valueFrom/secretKeyRef/name`,
          value: 'another',
        }),
      ],
      'Secret another with key a',
    ],
    [
      'another patch has the name for something else',
      [
        deployment(
          add('/volumes/0', { name: 'mine', secret: { secretName: 'a', items: [{ key: 'a', path: 'a' }] } }),
          { op: 'replace', path: `${pod}/volumes/0/secret/secretName`, value: 'mine' },
          add('/containers/0/env/-', { name: 'X', value: 'mine' }),
        ),
      ],
      'Secret mine with key a',
    ],
  ])('is an issue at the patch if %s', (_, patches, words) => {
    const issues = issuesOf(patches).filter((issue) => issue.includes('references-resolve'));
    expect(issues).not.toEqual([]);
    for (const issue of issues) expect(issue).toMatch(/^patches\.\d /);
    expect(issues.join('\n')).toContain(words);
  });

  test.each<[string, EnvironmentInput['patches']]>([
    ['a variable', [deployment(secretKey('mine', 'key'))]],
    ['all variables', [deployment(add('/containers/0/envFrom', [{ secretRef: { name: 'mine' } }]))]],
    [
      'all variables of a known Secret',
      [deployment(add('/containers/0/envFrom', [{ secretRef: { name: 'mlflow-db-credentials' } }]))],
    ],
    ['a known key', [deployment(secretKey('mlflow-db-credentials', 'username'))]],
    [
      'a volume',
      [
        deployment(
          add('/volumes/-', { name: 'a', secret: { secretName: 'mine', items: [{ key: 'a', path: 'b' }] } }),
          add('/volumes/-', { name: 'b', persistentVolumeClaim: { claimName: 'mine' } }),
          add('/volumes/-', { name: 'c', csi: { driver: 'a.b', nodePublishSecretRef: { name: 'mine' } } }),
          projected({ secret: { name: 'mine' } }, { configMap: { name: 'mine', items: [{ key: 'a', path: 'b' }] } }),
        ),
      ],
    ],
    ['a registry', [deployment(add('/imagePullSecrets', [{ name: 'mine' }]))]],
    ['a further registry', [deployment(add('/imagePullSecrets', []), add('/imagePullSecrets/-', { name: 'mine' }))]],
    ['an account', [deployment({ op: 'replace', path: `${pod}/serviceAccountName`, value: 'mine' })]],
    [
      'the name of a whole object',
      [
        deployment(
          add('/volumes/-', { name: 'a', secret: { secretName: 'mine' } }),
          add('/containers/0/envFrom', [{ configMapRef: { name: 'mine' } }]),
          { op: 'replace', path: `${pod}/containers/0/envFrom/0/configMapRef/name`, value: 'another' },
        ),
      ],
    ],
  ])('may be to an object of your own: %s', (_, patches) => {
    expect(issuesOf(patches)).toEqual([]);
  });

  test('may be to a namespace that is managed elsewhere', () => {
    expect(issuesOf([], { namespace: { create: false } })).toEqual([]);
  });
});

describe('an operation', () => {
  const object = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a', labels: { b: 'c' } }, list: [1, 2], map: {} };
  const patched = (op: 'add' | 'remove' | 'replace' | 'test', path: string, value?: unknown) =>
    applyPatches([{ name: 'file', objects: [object] }], [{ kind: 'A', name: 'a', operations: [{ op, path, value }] }]);

  test.each([
    ['replace', '/mpa'],
    ['remove', '/map/nothing'],
    ['add', '/map/nothing/inner'],
    ['add', '/list/3'],
    ['replace', '/list/2'],
    ['remove', '/list/-'],
    ['add', '/list/01'],
    ['replace', '/list/01'],
    ['add', '/list/'],
    ['add', '/list/x'],
    ['add', '/list/-1'],
    ['add', '/list/1.5'],
    ['add', '/list/4294967296'],
    ['replace', '/list/length'],
    ['test', '/list/length'],
    ['add', '/metadata/name/x'],
    ['add', '/constructor/x'],
    ['add', '/constructor/prototype/x'],
    ['add', '/__proto__/x'],
    ['add', '/map/__proto__'],
    ['replace', '/map/constructor'],
    ['remove', '/map/toString'],
  ] as const)('%s at %s does not apply', (op, path) => {
    const { files, issues } = patched(op, path, op === 'remove' ? undefined : 2);
    expect(issues).toEqual([
      { path: ['patches', 0, 'operations', 0], message: expect.stringContaining(`does ${path} exist`) },
    ]);
    expect(files).toEqual([{ name: 'file', objects: [object] }]);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x');
  });

  test.each([
    ['add', '/list/2', { list: [1, 2, 3] }],
    ['add', '/list/-', { list: [1, 2, 3] }],
    ['add', '/list/0', { list: [3, 1, 2] }],
    ['replace', '/list/1', { list: [1, 3] }],
    ['remove', '/list/0', { list: [2] }],
    ['add', '/map/constructor', { map: { constructor: 3 } }],
    ['replace', '/metadata/labels/b', { metadata: { name: 'a', labels: { b: 3 } } }],
    ['add', '/map/example.com~1a~0b', { map: { 'example.com/a~b': 3 } }],
  ] as const)('%s at %s applies', (op, path, change) => {
    const { files, issues } = patched(op, path, op === 'remove' ? undefined : 3);
    expect(issues).toEqual([]);
    expect(files).toEqual([{ name: 'file', objects: [{ ...object, ...change }] }]);
  });

  test.each(['add', 'replace', 'test'] as const)('%s of the whole object applies', (op) => {
    const other = op === 'test' ? object : { ...object, map: { a: 1 } };
    expect(patched(op, '', other)).toMatchObject({ files: [{ name: 'file', objects: [other] }], issues: [] });
  });

  test('that leaves no object is an issue', () => {
    const issue = (path: string[], text: string) => [
      { path: ['patches', 0, ...path], message: expect.stringContaining(text) },
    ];
    const test = patched('test', '', { ...object, kind: 'B' });
    expect(test.issues).toEqual(issue(['operations', 0] as never, 'does the whole object exist'));
    for (const changed of [patched('remove', ''), patched('replace', '', null), patched('replace', '', [object])])
      expect(changed.issues).toEqual(issue([], 'makes A a invalid'));
  });
});

describe('an object that the API server cannot read', () => {
  /** All places, or some in the small sample. */
  const some = <T>(items: readonly T[]) => items.filter((_, index) => LARGE_SAMPLE || index % 5 === 0);
  const input: EnvironmentInput = { ...written(EMBEDDED), patches: [] };
  const files = filesOf(input, SHORT_PROGRAMS);
  const environment = resolved(input);
  const objects = files.flatMap((file) => file.objects);
  const issuesOf = (kind: string, name: string, operation: PatchOperationInput) => {
    const patches = [{ kind, name, operations: [operation] }];
    const patched = applyPatches(files, patches);
    expect(patched.issues).toEqual([]);
    return checkRules(patched.files, { ...environment, patches }, { unpatched: files });
  };
  // One of each: further items of a list and further objects of a kind are alike.
  const places = new Map(
    objects.flatMap(({ kind, metadata: { name }, ...rest }) =>
      walk({ metadata: {}, ...rest })
        .filter(({ path, value }) => path !== '' && typeof value === 'object' && !/\/\d+$/.test(path))
        .map(({ path, value }) => [`${kind}${path.replace(/\/\d+\//g, '/*/')}`, { kind, name, path, value }] as const),
    ),
  );
  const withSpec = objects.filter(({ spec }) => spec !== undefined);

  test.each(withSpec.map(({ kind, metadata: { name } }) => ({ kind, name })))(
    'has no spec, is one issue: $kind $name',
    ({ kind, name }) => {
      const expected = [{ path: ['patches', 0], message: expect.stringContaining('spec is missing') }];
      for (const operation of [
        { op: 'remove', path: '/spec' } as const,
        { op: 'replace', path: '/spec', value: null } as const,
      ])
        expect(issuesOf(kind, name, operation)).toEqual(expected);
    },
  );

  test('has null as an item of a list, is one issue', () => {
    const lists = [...places.values()].filter(({ value }) => Array.isArray(value));
    for (const { kind, name, path } of some(lists)) {
      const found = issuesOf(kind, name, { op: 'add', path: `${path}/-`, value: null });
      expect([path, found]).toEqual([
        path,
        [{ path: ['patches', 0], message: expect.stringMatching(/\] is null \(.*matches-schema/) }],
      ]);
    }
  });

  test('is never beyond a rule, whatever is null', () => {
    for (const { kind, name, path } of some([...places.values()])) {
      if (path === '/metadata') continue;
      const found = issuesOf(kind, name, { op: 'replace', path, value: null });
      expect([path, found.filter(({ path: at }) => at.join('.') !== 'patches.0')]).toEqual([path, []]);
    }
  });
});
