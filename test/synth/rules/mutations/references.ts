import type { Manifest } from '../../../../lib/synth/manifest';
import { containers, objects, type Places, pods, set, within } from '../sets';
import { another, label, type Mutation, mutation, onAlone } from './mutation';

/** Mutations of what names something else. */

type Ports = Record<string, unknown>[];

/** The first port of a pod, and the ports of each container after the one that has it. */
const besideAnother: Places<[Record<string, unknown>, Ports]> = (all) =>
  pods()(all).flatMap(({ initContainers = [], containers: main }) => {
    const ported = [...(initContainers as { ports?: Ports }[]), ...(main as { ports?: Ports }[])];
    const [first, ...others] = ported.flatMap(({ ports }) => (ports ? [ports] : []));
    return others.flatMap((each): [Record<string, unknown>, Ports][] => (first?.[0] ? [[first[0], each]] : []));
  });

/** An ExternalSecret, with the metadata of an object of the output. */
function externalSecret(all: readonly Manifest[], name: string, secret: string): Manifest {
  const { metadata } = all.find(({ kind }) => kind === 'ServiceAccount') ?? all[0] ?? { metadata: { name } };
  const spec = { secretStoreRef: { name: 'vault' }, target: { name: secret }, dataFrom: [{ extract: { key: 'x' } }] };
  return { apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret', metadata: { ...metadata, name }, spec };
}

/** What names something else. */
export const REFERENCES: readonly Mutation[] = [
  another('one-source-per-secret', 'an ExternalSecret for a Secret that a Job generates', (all) => [
    ...all,
    externalSecret(all, 'first', 'login'),
  ]),
  another('one-source-per-secret', 'two ExternalSecrets for one Secret', (all) => [
    ...all,
    externalSecret(all, 'first', 'tokens'),
    externalSecret(all, 'second', 'tokens'),
  ]),
  mutation(
    'references-resolve',
    'a missing service account',
    pods('Deployment', 'StatefulSet', 'CronJob'),
    set('serviceAccountName', 'other'),
  ),
  another('references-resolve', 'a missing ConfigMap', (all) => all.filter(({ kind }) => kind !== 'ConfigMap')),
  another('references-resolve', 'missing claims', (all) => all.filter(({ kind }) => kind !== 'PersistentVolumeClaim')),
  another('references-resolve', 'a missing Role', (all) => all.filter(({ kind }) => kind !== 'Role')),
  mutation(
    'references-resolve',
    'a Secret that nobody declared',
    containers(),
    set('envFrom', [{ secretRef: { name: 'x' } }]),
  ),
  mutation(
    'references-resolve',
    'a key that nobody declared',
    within('Deployment', 'spec.template.spec.containers.*.env.*.valueFrom.secretKeyRef'),
    (reference) => {
      reference.key = 'x';
      // A pod starts without what is optional.
      delete reference.optional;
    },
  ),
  mutation(
    'references-resolve',
    'a key that a ConfigMap of the output does not have',
    within('Deployment', 'spec.template.spec.volumes.*.projected.sources.*.configMap.items.*'),
    set('key', 'x'),
  ),
  mutation(
    'references-resolve',
    'a pull secret that nobody declared',
    pods(),
    set('imagePullSecrets', [{ name: 'x' }]),
  ),
  mutation(
    'pods-are-whole',
    'a mount without its volume',
    within('Deployment', 'spec.template.spec.containers.*.volumeMounts.*'),
    set('name', 'x'),
  ),
  mutation(
    'pods-are-whole',
    'a variable that is set twice',
    within('StatefulSet', 'spec.template.spec.containers.*.env'),
    (env) => (env as unknown as object[]).push((env as unknown as object[])[0] ?? {}),
  ),
  mutation('pods-are-whole', 'a container that exists twice', pods(), (pod) =>
    (pod.containers as object[]).push({ ...(pod.containers as object[])[0], ports: undefined }),
  ),
  mutation('ports-used-once', 'a port that another container has', besideAnother, ([port, others]) =>
    others.push({ containerPort: port.containerPort, protocol: 'TCP' }),
  ),
  mutation('ports-used-once', 'a port of the name of another', besideAnother, ([port, others]) =>
    others.push({ ...port, containerPort: 9000 }),
  ),
  mutation('pods-are-whole', 'two mounts at one path', containers('CronJob'), (container) => {
    const mount = { name: 'tmp', mountPath: '/twice' };
    container.volumeMounts = [...((container.volumeMounts ?? []) as object[]), mount, mount];
  }),
  mutation(
    'pods-are-whole',
    'a probe of a port that is not there',
    within('Deployment', 'spec.template.spec.containers.*.readinessProbe.httpGet'),
    set('port', 'x'),
    onAlone,
  ),
  mutation('variables-expand', 'a variable that expands itself', containers(), (container) => {
    container.env = [...((container.env ?? []) as object[]), { name: 'A', value: '$(A)' }];
    delete container.envFrom;
  }),
  mutation('variables-expand', 'a variable before the one that it expands', containers(), (container) => {
    const before = { name: 'A', value: 'x-$(B)' };
    container.env = [before, ...((container.env ?? []) as object[]), { name: 'B', value: '$$(C)$(D)' }];
  }),
  mutation('fields-agree', 'two ports of a Service with one name', within('Service', 'spec.ports'), (ports) => {
    const list = ports as unknown as object[];
    list.push({ ...list[0], name: 'x', port: 81 }, { ...list[0], name: 'x', port: 82 });
  }),
  mutation('fields-agree', 'two ports of a Service with one number', within('Service', 'spec.ports'), (ports) => {
    const list = ports as unknown as object[];
    list.push({ ...list[0], name: 'x', port: 81 }, { ...list[0], name: 'y', port: 81 });
  }),
  mutation('fields-agree', 'two ports of a container with one name', containers(), (container) => {
    const port = { name: 'x', containerPort: 9000, protocol: 'TCP' };
    container.ports = [...((container.ports ?? []) as object[]), port, { ...port, containerPort: 9001 }];
  }),
  mutation('fields-agree', 'two ports of a container with one number', containers(), (container) => {
    const port = { containerPort: 9000, protocol: 'UDP' };
    container.ports = [...((container.ports ?? []) as object[]), port, port];
  }),
  ...[
    { value: 'a' },
    { key: 'a', operator: 'Exists', value: 'b' },
    { key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 1 },
  ].map((toleration) =>
    mutation('fields-agree', `a toleration ${JSON.stringify(toleration)}`, pods(), set('tolerations', [toleration])),
  ),
  mutation(
    'fields-agree',
    'a liveness probe that must succeed often',
    within('Deployment', 'spec.template.spec.containers.*.livenessProbe'),
    set('successThreshold', 3),
  ),
  mutation(
    'fields-agree',
    'two ways to roll',
    objects('Deployment'),
    set('spec.strategy', { type: 'Recreate', rollingUpdate: { maxSurge: 1 } }),
  ),
  mutation(
    'service-ports-resolve',
    'a target port that no pod has',
    within('Service', 'spec.ports.*'),
    set('targetPort', 'other'),
  ),
  mutation(
    'selectors-meet-their-pods',
    'a Service that selects nothing',
    objects('Service'),
    set('spec.selector', { a: 'b' }),
  ),
  mutation(
    'selectors-meet-their-pods',
    'a policy that selects nothing',
    objects('NetworkPolicy'),
    set('spec.podSelector', { matchLabels: { a: 'b' } }),
    { also: ['pods-have-a-policy'] },
  ),
  mutation(
    'selectors-meet-their-pods',
    'a budget that selects nothing',
    objects('PodDisruptionBudget'),
    set('spec.selector.matchLabels', { a: 'b' }),
  ),
  mutation(
    'selectors-meet-their-pods',
    'a Service that selects the pods of every component',
    objects('Service'),
    set('spec.selector', { [label('name')]: 'mlflow' }),
  ),
  mutation(
    'selectors-meet-their-pods',
    'a selector that meets pods of other components',
    objects('PodDisruptionBudget', 'NetworkPolicy'),
    (object) => {
      const field = object.kind === 'NetworkPolicy' ? 'podSelector' : 'selector';
      set(`spec.${field}`, { matchExpressions: [{ key: label('name'), operator: 'Exists' }] })(object);
    },
  ),
];
