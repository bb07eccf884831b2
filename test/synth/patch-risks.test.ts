import { RISKS, type RiskName } from '../../lib/components/shared/risks/risk';
import type { PatchInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { formatPath } from '../../lib/input/issue';
import { compose } from '../../lib/synth/compose';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SHORT_PROGRAMS } from '../support/fixtures';
import { resolved, SMALLEST } from '../support/support';

/** What patches open: checked in the finished objects, so that any way to write the patch is seen. */

const pod = '/spec/template/spec';
const server = `${pod}/containers/0`;
const add = (path: string, value: unknown) => ({ op: 'add', path, value }) as const;
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value }) as const;
const patch = (kind: string, ...operations: PatchInput['operations']): PatchInput => ({
  kind,
  name: 'mlflow',
  operations,
});
const of = (name: string, given: PatchInput): PatchInput => ({ ...given, name });
const deployment = (...operations: PatchInput['operations']) => patch('Deployment', ...operations);
const variable = (name: string, value: string) => deployment(add(`${server}/env/-`, { name, value }));
const lax: EnvironmentInput = { namespace: { podSecurity: 'baseline' } };
const open = { ...SMALLEST, auth: { enabled: false } };

/** What an environment with patches opens. */
function opened(patches: readonly PatchInput[], more: EnvironmentInput = {}) {
  const { issues, warnings } = compose(resolved({ ...SMALLEST, ...more, patches: [...patches] }), SHORT_PROGRAMS);
  const lines = (all: typeof issues) => all.map(({ path, message }) => `${formatPath(path)}: ${message}`);
  return { issue: lines(issues), warning: lines(warnings) };
}

const RISKY: readonly (readonly [title: string, given: PatchInput, risk: RiskName, more?: EnvironmentInput])[] = [
  ['a loaded library', variable('LD_PRELOAD', '/data/x.so'), 'foreign-code'],
  [
    'a loaded library of another container',
    deployment(add(`${pod}/initContainers/0/env/-`, { name: 'PYTHONPATH', value: '/data' })),
    'foreign-code',
  ],
  ['a secret as a variable', variable('OPENAI_API_KEY', 'hunter2'), 'plain-secrets'],
  ['a secret in a URL', variable('NOTE', 'redis://:hunter2@redis'), 'plain-secrets'],
  [
    'a value instead of a reference',
    deployment(add(`${server}/env`, [{ name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', value: 'hunter2' }])),
    'plain-secrets',
  ],
  ['a secret as an argument', deployment(add(`${server}/args`, ['--api-key', 'hunter2'])), 'plain-secrets'],
  [
    'a secret in an annotation',
    patch('Service', add('/metadata/annotations', { password: 'hunter2' })),
    'plain-secrets',
  ],
  [
    'a secret in an annotation of pods',
    deployment(add('/spec/template/metadata/annotations/token', 'hunter2')),
    'plain-secrets',
  ],
  [
    'a secret in a ConfigMap',
    of('mlflow-programs-server', patch('ConfigMap', add('/data/password', 'hunter2'))),
    'plain-secrets',
  ],
  [
    'a server without a login',
    deployment(replace(`${server}/command`, ['mlflow', 'server', '--host=0.0.0.0'])),
    'no-login',
  ],
  ['no login behind a NodePort', patch('Service', add('/spec/type', 'NodePort')), 'no-login', open],
  ['no login behind an address', patch('Service', add('/spec/externalIPs', ['192.168.1.9'])), 'no-login', open],
  ['a LoadBalancer', patch('Service', add('/spec/type', 'LoadBalancer')), 'open-network'],
  [
    'a PostgreSQL that trusts everyone',
    of('mlflow-database', {
      ...patch('StatefulSet', add(`${pod}/containers/0/env/-`, { name: 'POSTGRES_HOST_AUTH_METHOD', value: 'trust' })),
    }),
    'no-login',
    OWN_STORES,
  ],
  ['an empty rule of a policy', patch('NetworkPolicy', add('/spec/ingress/-', {})), 'open-network'],
  [
    'a rule for PostgreSQL without peers',
    of('mlflow-database', patch('NetworkPolicy', { op: 'remove', path: '/spec/ingress/0/from' })),
    'open-network',
    OWN_STORES,
  ],
  [
    'a rule for every address',
    patch('NetworkPolicy', add('/spec/egress/-', { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })),
    'open-network',
  ],
  ['a policy for one direction', patch('NetworkPolicy', replace('/spec/policyTypes', ['Ingress'])), 'open-network'],
  [
    'option --disable-security-middleware',
    deployment(add(`${server}/command/-`, '--disable-security-middleware')),
    'weak-server',
  ],
  [
    'option --x-frame-options in two words',
    deployment(add(`${server}/command/-`, '--x-frame-options'), add(`${server}/command/-`, 'NONE')),
    'weak-server',
  ],
  ['a token of the API server', deployment(replace(`${pod}/automountServiceAccountToken`, true)), 'weak-pods'],
  ['processes of all containers', deployment(add(`${pod}/shareProcessNamespace`, true)), 'weak-pods'],
  ['an image that moves', deployment(replace(`${server}/image`, 'own/mlflow:nightly-full')), 'weak-pods'],
  [
    'a root file system that can be written',
    deployment(replace(`${server}/securityContext/readOnlyRootFilesystem`, false)),
    'weak-pods',
  ],
  ['a root user', deployment(replace(`${server}/securityContext/runAsNonRoot`, false)), 'weak-pods', lax],
  ...(
    [
      ['a privileged container', `${server}/securityContext/privileged`, true],
      ['the network of the node', `${pod}/hostNetwork`, true],
      ['a folder of the node', `${pod}/volumes/-`, { name: 'host', hostPath: { path: '/' } }],
    ] as const
  ).map(
    ([title, path, value]) =>
      [title, deployment(add(path, value)), 'weak-pods', { namespace: { podSecurity: 'privileged' } }] as const,
  ),
  [
    'permission to read all Secrets',
    of(
      'mlflow-secret-generator',
      patch('Role', add('/rules/-', { apiGroups: [''], resources: ['secrets'], verbs: ['list'] })),
    ),
    'weak-pods',
    OWN_STORES,
  ],
];

const cases = RISKY.map(([title, given, risk, more = {}]) => ({ title, given, risk, more }));

describe.each(cases)('$title', ({ given, risk, more }) => {
  const { level } = RISKS[risk];

  test(`is reported at its patch, as ${risk}`, () => {
    const said = opened([of('mlflow', patch('ServiceAccount', add('/metadata/labels/a', 'b'))), given], more);
    expect(said[level]).toEqual([
      expect.stringMatching(new RegExp(`^patches\\[1\\]: .* \\(.*, or add ${risk} to allow\\)$`)),
    ]);
    expect(said.issue.concat(said.warning).join()).not.toContain('hunter2');
  });

  test('is accepted when allow names the risk', () => {
    expect(opened([given], { ...more, allow: [risk] })[level]).toEqual([]);
  });
});

test('what keys open is not reported again at a patch of the same object', () => {
  const input: EnvironmentInput = {
    server: { options: { 'disable-security-middleware': true }, env: { PYTHONPATH: '/data' } },
    service: { type: 'LoadBalancer', loadBalancerIP: '192.168.1.9' },
    allow: ['foreign-code'],
  };
  const harmless = [
    deployment(replace('/spec/revisionHistoryLimit', 3)),
    patch('Service', add('/spec/sessionAffinity', 'ClientIP')),
    patch('NetworkPolicy', add('/spec/egress/0', { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })),
  ];
  expect(opened(harmless, input)).toEqual({ issue: [], warning: [] });
});

test('what a patch sets to null is read as absent, whatever it is', () => {
  const paths = ['/metadata/annotations', '/metadata/labels', `${pod}/volumes`, `${server}/env`, `${server}/command`];
  const further = ['/spec/template/metadata/annotations', `${pod}/initContainers`, `${server}/envFrom`];
  for (const path of [...paths, ...further]) {
    for (const value of [null, { a: null }]) {
      expect(() => opened([deployment(add(path, value))])).not.toThrow();
    }
  }
});
