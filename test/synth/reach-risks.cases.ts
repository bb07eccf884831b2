import type { EnvironmentInput } from '../../lib/environment/model';
import { OWN_STORES } from '../support/embedded-fixtures';
import { add, deployment, of, open, patch, pod, type RiskyPatch, replace, server } from './patch-risks.cases';

const reference = (name: string, secret: string, key: string) => ({
  name,
  valueFrom: { secretKeyRef: { name: secret, key } },
});
const host: EnvironmentInput = { namespace: { podSecurity: 'privileged' } };

/** Patches that place code, logins and tokens where they do not belong, or lead connections elsewhere. */
export const REACHING: readonly RiskyPatch[] = [
  ...[
    ...[
      '/',
      '/etc',
      '/etc/ld.so.preload',
      '/etc/passwd',
      '/usr',
      '/usr/bin',
      '/bin',
      '/lib',
      '/programs/other',
      '/programs/',
    ],
    ...['/programs/../programs', '/data/../usr/lib/x', '/usr/local/lib/python3.12/site-packages', '/opt', '/etc/hosts'],
  ].map(
    (mountPath): RiskyPatch => [
      `a volume over code: ${mountPath}`,
      deployment(add(`${server}/volumeMounts/-`, { name: 'tmp', mountPath })),
      'foreign-code',
    ],
  ),
  [
    'a value that synth does not see',
    deployment(add(`${server}/env/-`, reference('MLFLOW_BASIC_AUTH_FAIL_CLOSED', 'settings', 'a'))),
    'no-login',
  ],
  [
    'the login of the administrator for another container',
    deployment(add(`${pod}/initContainers/0/env/-`, reference('FOO', 'mlflow-basic-auth', 'MLFLOW_TRACKING_PASSWORD'))),
    'weak-pods',
  ],
  [
    'the login of PostgreSQL in a volume',
    deployment(add(`${pod}/volumes/-`, { name: 'login', secret: { secretName: 'mlflow-db-credentials' } })),
    'weak-pods',
  ],
  [
    'the token of another component',
    deployment(
      replace(`${pod}/serviceAccountName`, 'mlflow-secret-generator'),
      replace(`${pod}/automountServiceAccountToken`, true),
    ),
    'weak-pods',
    { secrets: { provider: 'generated' } },
  ],
  [
    'no login on a port of the node',
    deployment(add(`${server}/ports/0/hostPort`, 5000)),
    'no-login',
    { ...open, ...host, allow: ['weak-pods'] },
  ],
  [
    'no login in the network of the node',
    deployment(add(`${pod}/hostNetwork`, true), add(`${server}/ports/0/hostPort`, 5000)),
    'no-login',
    { ...open, ...host, allow: ['weak-pods'] },
  ],
  [
    'a Service that is another name',
    patch('Service', replace('/spec', { type: 'ExternalName', externalName: 'evil.example.com' })),
    'weak-server',
  ],
  [
    'a name at another address',
    deployment(add(`${pod}/hostAliases`, [{ ip: '203.0.113.9', hostnames: ['minio.ml.svc'] }])),
    'weak-pods',
  ],
  [
    'another DNS',
    deployment(add(`${pod}/dnsPolicy`, 'None'), add(`${pod}/dnsConfig`, { nameservers: ['203.0.113.9'] })),
    'weak-pods',
  ],
  ...[{ podSelector: {} }, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }].map(
    (peer): RiskyPatch => [
      `a store for a namespace: ${JSON.stringify(peer)}`,
      of('mlflow-database', patch('NetworkPolicy', add('/spec/ingress/0/from/-', peer))),
      'open-network',
      OWN_STORES,
    ],
  ),
  [
    'blocks that are everything together',
    patch(
      'NetworkPolicy',
      add('/spec/egress/-', { to: [3, 13, 52].map((first) => ({ ipBlock: { cidr: `${first}.0.0.0/8` } })) }),
    ),
    'open-network',
  ],
];
