import { METRICS_CONTAINER } from '../../../../lib/components/monitoring/sidecar';
import type { Manifest } from '../../../../lib/synth/manifest';
import { cloned, containers, ledTo, objects, type Places, pods, set, within } from '../sets';
import { another, copyOf, first, label, type Mutation, mutation, rename } from './mutation';

/** Mutations of names and texts. */

const annotations = (size: number) => set('metadata.annotations', { 'example.com/long': 'x'.repeat(size) });

/** Containers but the one of the metrics, which a rule about probes knows by its name. */
const serving: Places<Record<string, unknown>> = (all) =>
  containers()(all).filter(({ name }) => name !== METRICS_CONTAINER);

/** Adds an object of a kind that synth does not write. */
const added = (kind: string, spec: object) => (all: Manifest[]) => [
  ...all,
  ...cloned([first('ServiceAccount')(all)]).map(({ apiVersion, metadata }) => ({
    apiVersion,
    kind,
    metadata: { ...metadata, name: 'team' },
    spec,
  })),
];

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
  another('valid-quotas', 'a misspelt resource', added('ResourceQuota', { hard: { 'request.cpu': '4' } })),
  another('valid-quotas', 'an amount that is none', added('ResourceQuota', { hard: { cpu: '4 cores' } })),
  another('valid-quotas', 'half a pod', added('ResourceQuota', { hard: { pods: '500m' } })),
  another(
    'valid-quotas',
    'a minimum above the maximum',
    added('LimitRange', { limits: [{ type: 'Pod', min: { cpu: '2' }, max: { cpu: '1' } }] }),
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
