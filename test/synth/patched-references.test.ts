import type { PatchOperationInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { composeEnvironment } from '../../lib/synth/compose';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { resolved, SMALLEST } from '../support/support';

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
    composeEnvironment(
      resolved({ ...SMALLEST, secrets: { provider: 'existing' }, ...more, patches }),
      SHORT_PROGRAMS,
    ).issues.map(({ path, message }) => `${path.join('.')} ${message}`);

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
