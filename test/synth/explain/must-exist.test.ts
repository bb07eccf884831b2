import { providedReferences } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { explainNeeds } from '../../../lib/synth/explain/must-exist';
import type { Manifest } from '../../../lib/synth/manifest';
import { none, Sample } from '../../properties/sample';
import { SHORT_PROGRAMS } from '../../support/fixtures';
import { objectsOf, SMALLEST } from '../../support/support';

const needs = (objects: readonly Manifest[]) =>
  explainNeeds('small', objects)
    .slice(1)
    .map((line) => line.trim().replace(/ +/g, ' '));

const of = (input: EnvironmentInput) => needs(objectsOf({ ...SMALLEST, ...input }, SHORT_PROGRAMS));

describe('what must exist besides', () => {
  test.each<readonly [string, EnvironmentInput, readonly string[]]>([
    ['nothing, if nothing is named', {}, []],
    [
      'ConfigMaps with CA certificates',
      { database: { host: 'postgres', tls: { mode: 'verify-full', ca: { configMap: 'rds-ca', key: 'rds.pem' } } } },
      ['ConfigMap mlflow/rds-ca rds.pem'],
    ],
    ['the namespaces of clients', { clients: [{ namespace: 'argo' }] }, ['Namespace argo']],
    ['a namespace that is managed elsewhere', { namespace: { create: false } }, ['Namespace mlflow']],
    [
      'a store of the namespace',
      { secrets: { provider: 'external', external: { store: { name: 'vault', kind: 'SecretStore' } } } },
      ['SecretStore mlflow/vault'],
    ],
    [
      'a store of the cluster',
      { secrets: { provider: 'external', external: { store: { name: 'vault', kind: 'ClusterSecretStore' } } } },
      ['ClusterSecretStore vault'],
    ],
    [
      'an issuer of the cluster, and a class',
      { ingress: { host: 'a.example.com', controller: 'ingress-nginx', tls: { issuer: 'ours' } } },
      ['ClusterIssuer ours', 'IngressClass nginx'],
    ],
    [
      'an issuer of the namespace',
      { service: { tls: { issuer: 'ours', issuerKind: 'Issuer' } } },
      ['Issuer mlflow/ours'],
    ],
    [
      'a Gateway of another namespace',
      { gateway: { host: 'a.example.com', parentRefs: [{ name: 'outer', namespace: 'edge' }], controller: 'istio' } },
      ['Gateway edge/outer'],
    ],
    [
      'classes',
      {
        database: { embedded: { storage: { storageClass: 'ssd' } } },
        server: { priorityClassName: 'high' },
      },
      ['PriorityClass high', 'StorageClass ssd'],
    ],
    ['an account', { server: { serviceAccount: { create: false, name: 'mine' } } }, ['ServiceAccount mlflow/mine']],
    [
      'a ConfigMap with all its keys',
      { server: { envFrom: [{ configMap: 'settings' }], env: { A: { configMap: 'settings', key: 'a' } } } },
      ['ConfigMap mlflow/settings a'],
    ],
  ])('is %s', (_, input, expected) => {
    expect(of(input)).toEqual(expected);
  });

  test('is not what the output has, that of users too', () => {
    const objects = objectsOf({ ...SMALLEST, server: { envFrom: [{ configMap: 'settings' }] } }, SHORT_PROGRAMS);
    const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'mlflow' } };
    expect(needs(objects)).toEqual(['ConfigMap mlflow/settings']);
    expect(needs([...objects, own])).toEqual([]);
    expect(needs([...objects, { ...own, metadata: { ...own.metadata, namespace: 'other' } }])).toEqual([
      'ConfigMap mlflow/settings',
      'Namespace other',
    ]);
  });

  test('has all that components say an external system creates, and nothing of the output', () => {
    none(
      new Sample(12, 50).valid.flatMap(({ environment, objects }) => {
        const found = needs(objects);
        const lacks = (id: string) => !found.some((line) => line === id || line.startsWith(`${id} `));
        const { namespace, clients } = environment;
        const provided = providedReferences(environment)
          .filter(({ kind, name }) => kind !== 'Secret' && !(kind === 'ServiceAccount' && name === 'default'))
          .map(({ kind, name }) => `${kind} ${namespace.name}/${name}`);
        const namespaces = clients.map((client) => `Namespace ${client.namespace}`);
        const made = objects.map(
          ({ kind, metadata: { name, namespace: of } }) => `${kind} ${of === undefined ? '' : `${of}/`}${name}`,
        );
        return [
          ...[...provided, ...namespaces].filter((id) => lacks(id) && !made.includes(id)),
          ...found.filter((line) => made.includes(line.split(' ').slice(0, 2).join(' '))),
        ];
      }),
    );
  });
});
