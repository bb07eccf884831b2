import type { RiskName } from '../../lib/components/shared/risks/risk';
import type { PatchInput } from '../../lib/environment/generated/input';
import type { EnvironmentInput } from '../../lib/environment/model';
import { OWN_STORES } from '../support/embedded-fixtures';
import { SMALLEST } from '../support/support';

export const pod = '/spec/template/spec';
export const server = `${pod}/containers/0`;
export const add = (path: string, value: unknown) => ({ op: 'add', path, value }) as const;
export const replace = (path: string, value: unknown) => ({ op: 'replace', path, value }) as const;
export const patch = (kind: string, ...operations: PatchInput['operations']): PatchInput => ({
  kind,
  name: 'mlflow',
  operations,
});
export const of = (name: string, given: PatchInput): PatchInput => ({ ...given, name });
export const deployment = (...operations: PatchInput['operations']) => patch('Deployment', ...operations);
export const variable = (name: string, value: string) => deployment(add(`${server}/env/-`, { name, value }));
const lax: EnvironmentInput = { namespace: { podSecurity: 'baseline' } };
export const open = { ...SMALLEST, auth: { enabled: false } };

/** What a patch opens, in an environment with more. */
export type RiskyPatch = readonly [title: string, given: PatchInput, risk: RiskName, more?: EnvironmentInput];

/** A patch for every risk that the finished objects can have. */
export const RISKY: readonly RiskyPatch[] = [
  ['a loaded library', variable('LD_PRELOAD', '/data/x.so'), 'foreign-code'],
  ...(
    [
      ['UVICORN_ENV_FILE', '/data/.env', 'foreign-code'],
      ['UVICORN_APP_DIR', '/data', 'foreign-code'],
      ['GUNICORN_CMD_ARGS', '-c /data/gunicorn.py', 'foreign-code'],
      ['MLFLOW_UVICORN_OPTS', '--env-file=/data/.env', 'foreign-code'],
      ['MLFLOW_GUNICORN_OPTS', '--access-logformat "%({authorization}i)s"', 'verbose-logs'],
      ['MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE', 'true', 'weak-server'],
      ['MLFLOW_SERVER_CORS_ALLOWED_ORIGINS', 'https://a.example.com,*', 'weak-server'],
      ['MLFLOW_SERVER_X_FRAME_OPTIONS', 'NONE', 'weak-server'],
      ['MLFLOW_REGISTRY_STORE_URI', 'sqlite:////data/models.db', 'early-deletion'],
    ] as const
  ).map(([name, value, risk]): RiskyPatch => [`the variable ${name}`, variable(name, value), risk]),
  [
    'a loaded library of another container',
    deployment(add(`${pod}/initContainers/0/env/-`, { name: 'PYTHONPATH', value: '/data' })),
    'foreign-code',
  ],
  [
    'the variable MLFLOW_SERVER_ALLOWED_HOSTS',
    deployment(add(`${server}/env`, [{ name: 'MLFLOW_SERVER_ALLOWED_HOSTS', value: 'a.example.com, *' }])),
    'weak-server',
  ],
  ['a secret as a variable', variable('OPENAI_API_KEY', 'hunter2'), 'plain-secrets'],
  ['a secret in a URL', variable('NOTE', 'redis://:hunter2@redis'), 'plain-secrets'],
  [
    'a value instead of a reference',
    deployment(add(`${server}/env`, [{ name: 'MLFLOW_FLASK_SERVER_SECRET_KEY', value: 'hunter2' }])),
    'plain-secrets',
  ],
  ['a login as an argument', deployment(add(`${server}/args`, ['-u', 'admin:hunter2'])), 'plain-secrets'],
  [
    'a secret of a driver of volumes',
    deployment(
      add(`${pod}/volumes/-`, {
        name: 'share',
        csi: { driver: 'smb.csi.k8s.io', volumeAttributes: { password: 'hunter2' } },
      }),
    ),
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
    'a secret in the binary data of a ConfigMap',
    of(
      'mlflow-programs-server',
      patch('ConfigMap', add('/binaryData', { password: Buffer.from('hunter2').toString('base64') })),
    ),
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
  [
    'another app than that of the environment',
    deployment(replace(`${server}/command`, ['mlflow', 'server', '--app-name=oidc-auth-x'])),
    'no-login',
    {
      ...SMALLEST,
      image: { repository: 'registry.example.com/ml', tag: '3.18.0' },
      auth: { app: { name: 'oidc-auth' } },
    },
  ],
  ['no login behind a NodePort', patch('Service', add('/spec/type', 'NodePort')), 'no-login', open],
  ['no login behind an address', patch('Service', add('/spec/externalIPs', ['192.168.1.9'])), 'no-login', open],
  [
    'a LoadBalancer with ranges for everyone',
    patch('Service', add('/spec/type', 'LoadBalancer'), add('/spec/loadBalancerSourceRanges', ['10.0.0.0/8', '::/0'])),
    'open-network',
  ],
  ...[
    { namespaceSelector: {} },
    { namespaceSelector: {}, podSelector: {} },
    { namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'Exists' }] } },
    { namespaceSelector: { matchExpressions: [{ key: 'own', operator: 'DoesNotExist' }] } },
    { namespaceSelector: { matchExpressions: [{ key: 'own', operator: 'NotIn', values: ['a'] }] } },
  ].map(
    (peer): RiskyPatch => [
      `a rule for every pod: ${JSON.stringify(peer)}`,
      patch('NetworkPolicy', add('/spec/ingress/-', { from: [peer] })),
      'open-network',
    ],
  ),
  ...['169.0.0.0/8', 'fd00::/8', '100.0.0.0/8', '169.254.0.0/16', '169.254.169.0/24', 'fd00:ec2::/64'].map(
    (cidr): RiskyPatch => [
      `a block with metadata services: ${cidr}`,
      patch('NetworkPolicy', add('/spec/egress/-', { to: [{ ipBlock: { cidr } }] })),
      'open-network',
    ],
  ),
  ...[
    { op: 'remove', path: '/metadata/labels/pod-security.kubernetes.io~1enforce' } as const,
    replace('/metadata/labels/pod-security.kubernetes.io~1enforce', 'baseline'),
  ].map(
    (operation): RiskyPatch => [
      `a namespace that enforces less: ${operation.op}`,
      patch('Namespace', operation),
      'weak-pods',
    ],
  ),
  [
    'a volume of an image that moves',
    deployment(add(`${pod}/volumes/-`, { name: 'more', image: { reference: 'registry.example.com/more:latest' } })),
    'weak-pods',
  ],
  ...(
    [
      ['a ClusterRole', replace('/roleRef/kind', 'ClusterRole'), replace('/roleRef/name', 'cluster-admin')],
      [
        'everyone',
        add('/subjects/-', { kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' }),
      ],
      ['an account elsewhere', add('/subjects/-', { kind: 'ServiceAccount', name: 'default', namespace: 'other' })],
    ] as const
  ).map(
    ([title, ...operations]): RiskyPatch => [
      `a binding of ${title}`,
      of('mlflow-secret-generator', patch('RoleBinding', ...operations)),
      'weak-pods',
      OWN_STORES,
    ],
  ),
  ...(
    [
      ['pods/exec', 'create'],
      ['pods', 'create'],
      ['serviceaccounts/token', 'create'],
      ['secrets', 'get'],
      ['secrets', 'patch'],
    ] as const
  ).map(
    ([resource, verb]): RiskyPatch => [
      `permission to ${verb} ${resource}`,
      of(
        'mlflow-secret-generator',
        patch('Role', add('/rules/-', { apiGroups: [''], resources: [resource], verbs: [verb] })),
      ),
      'weak-pods',
      OWN_STORES,
    ],
  ),
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
