import { METRICS_CONTAINER } from '../../../../lib/components/monitoring/sidecar';
import type { Manifest } from '../../../../lib/synth/manifest';
import { containers, ledTo, objects, type Places, pods, set, within } from '../sets';
import { another, copyOf, label, type Mutation, mutation, onAlone, rename } from './mutation';

/** Mutations of names, references and texts. */

const annotations = (size: number) => set('metadata.annotations', { 'example.com/long': 'x'.repeat(size) });

/** Containers but the one of the metrics, which a rule about probes knows by its name. */
const serving: Places<Record<string, unknown>> = (all) =>
  containers()(all).filter(({ name }) => name !== METRICS_CONTAINER);

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

/** Names, labels and namespaces. */
export const NAMES: readonly Mutation[] = [
  mutation(
    'valid-names',
    'a name in upper case',
    objects('HorizontalPodAutoscaler', 'PodDisruptionBudget'),
    rename('Upper'),
  ),
  another('valid-names', 'a Service whose name starts with a digit', copyOf('Service', rename('1st'))),
  another(
    'valid-names',
    'a Job whose name does not fit into the label of its pods',
    copyOf('Job', rename('j'.repeat(64))),
  ),
  another('valid-names', 'a CronJob whose name leaves no room for the time', copyOf('CronJob', rename('c'.repeat(53)))),
  another(
    'valid-names',
    'a StatefulSet whose name leaves no room for the revision',
    copyOf('StatefulSet', rename('s'.repeat(53))),
  ),
  mutation('valid-inner-names', 'a container in upper case', serving, set('name', 'Main')),
  mutation('valid-inner-names', 'a variable with =', containers('Deployment', 'StatefulSet'), (container) => {
    container.env = [...((container.env ?? []) as object[]), { name: 'A=B', value: 'x' }];
  }),
  mutation('valid-inner-names', 'a volume with _', pods(), (pod) => {
    pod.volumes = [...((pod.volumes ?? []) as object[]), { name: 'a_b', configMap: { name: 'settings' } }];
  }),
  mutation(
    'valid-inner-names',
    'a port of a container with 16 characters',
    within('Deployment', 'spec.template.spec.containers.*.ports'),
    (ports) => {
      (ports as unknown as object[]).push({ name: 'p'.repeat(16), containerPort: 9000, protocol: 'TCP' });
    },
  ),
  mutation(
    'valid-inner-names',
    'a second port of a Service without a name',
    within('Service', 'spec.ports'),
    (ports) => {
      (ports as unknown as object[]).push({ ...(ports as unknown as object[])[0], name: undefined, port: 81 });
    },
  ),
  mutation('valid-inner-names', 'a key with a blank', objects('ConfigMap'), set('data.a b', 'x')),
  mutation('valid-labels', 'a value of 64 characters', objects(), (object) =>
    set('labels.team', 'x'.repeat(64))(object.metadata),
  ),
  mutation('valid-labels', 'a label of nodes with a blank', pods(), set('nodeSelector', { 'a b': 'c' })),
  mutation('valid-labels', 'a key with two slashes', objects(), (object) =>
    set('annotations.a/b/c', 'x')(object.metadata),
  ),
  mutation(
    'valid-labels',
    'a bad label of pods',
    within('Deployment', 'spec.template.metadata.labels'),
    set('team', '-'),
  ),
  mutation(
    'unique-objects',
    'an object that exists twice',
    (all) => all.map((object) => ({ all, object })),
    ({ all, object }) => all.push(object),
  ),
  mutation(
    'right-namespaces',
    'an object in another namespace',
    objects('ConfigMap', 'Deployment', 'CronJob'),
    (object) => set('namespace', 'other')(object.metadata),
  ),
  mutation(
    'right-namespaces',
    'the Service in another namespace than what leads to it',
    ledTo,
    (object) => set('namespace', 'other')(object.metadata),
    { also: ['references-resolve'] },
  ),
  mutation(
    'right-namespaces',
    'an object without a namespace',
    objects('ConfigMap', 'HorizontalPodAutoscaler'),
    (object) => set('namespace', undefined)(object.metadata),
  ),
  mutation('right-namespaces', 'a namespace on an object of the cluster', objects('Namespace'), (object) =>
    set('namespace', 'ml')(object.metadata),
  ),
];

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

/** What is too long, missing or empty. */
export const TEXTS: readonly Mutation[] = [
  ...['name', 'instance', 'component', 'version', 'part-of', 'managed-by'].map((name) =>
    mutation(
      'recommended-labels',
      `no label ${name}`,
      objects('ServiceAccount', 'ConfigMap', 'Namespace'),
      (object) => {
        delete (object.metadata.labels as Record<string, unknown>)[label(name)];
      },
    ),
  ),
  mutation('recommended-labels', 'another instance', objects('ServiceAccount', 'ConfigMap'), (object) => {
    (object.metadata.labels as Record<string, unknown>)[label('instance')] = 'other';
  }),
  mutation('recommended-labels', 'no version of pods', within('Deployment', 'spec.template.metadata'), (metadata) => {
    delete (metadata.labels as Record<string, unknown>)[label('version')];
  }),
  mutation('sizes-fit', 'annotations that are too long', objects('Service', 'Namespace'), annotations(256 * 1024)),
  mutation(
    'sizes-fit',
    'annotations that leave no room for what kubectl adds',
    objects('Service', 'Namespace'),
    annotations(131 * 1024),
  ),
  mutation('sizes-fit', 'data that kubectl cannot apply', objects('ConfigMap'), set('data.long', 'x'.repeat(262_144))),
  mutation(
    'sizes-fit',
    'data that kubectl cannot apply once it has escaped it',
    objects('ConfigMap'),
    set('data.long', '<'.repeat(60_000)),
  ),
  mutation(
    'sizes-fit',
    'an argument that no program can be started with',
    containers(),
    set('args', ['x'.repeat(128 * 1024)]),
  ),
  mutation('no-lost-characters', 'a character that no sign stands for', objects(), (object) =>
    set('metadata.annotations', { note: 'a\u0085b' })(object),
  ),
  mutation('no-substitution', 'a dollar sign before a brace', objects(), (object) =>
    set('annotations.a', `$${'{B}'}`)(object.metadata),
  ),
  mutation('nothing-empty', 'a null', objects('Service'), set('spec.externalName', null)),
  mutation('nothing-empty', 'an empty map', objects('Service'), (object) => set('annotations', {})(object.metadata)),
  mutation('nothing-empty', 'an empty list', pods(), set('tolerations', [])),
];
