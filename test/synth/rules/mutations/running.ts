import type { Manifest } from '../../../../lib/synth/manifest';
import { containers, type Loose, objects, pods, set, within } from '../sets';
import { another, copyOf, first, type Mutation, mutation, onAlone, rename } from './mutation';

/** Mutations of how pods run. */

const serving = (all: Manifest[]) =>
  (pods('Deployment', 'StatefulSet')(all).flatMap(({ containers: own }) => own) as Record<string, unknown>[]).filter(
    // It only shows metrics, and has no readiness to lose.
    ({ name }) => name !== 'metrics',
  );

/** Hosts by which clients come. */
export const HOSTS: readonly Mutation[] = [
  mutation('hosts-are-accepted', 'another host', within('Ingress', 'spec.rules.*'), set('host', 'evil.example')),
  mutation(
    'hosts-are-accepted',
    'hosts below a domain',
    within('HTTPRoute', 'spec'),
    set('hostnames', ['*.evil.example']),
  ),
  mutation('hosts-are-accepted', 'another host of a Route', within('Route', 'spec'), set('host', 'evil.example')),
];

/** Amounts and ports. */
export const RESOURCES: readonly Mutation[] = [
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [
    mutation(
      'requests-within-limits',
      `more ${name} than the limit`,
      containers(),
      set(`resources.requests.${name}`, '9Pi'),
    ),
    mutation('resources-required', `no limit of ${name}`, containers(), set(`resources.limits.${name}`, undefined)),
  ]),
  mutation(
    'requests-within-limits',
    'an extended resource without a limit',
    containers(),
    set('resources.requests', { cpu: '1m', memory: '1Mi', 'ephemeral-storage': '1Mi', 'nvidia.com/gpu': '1' }),
  ),
  mutation(
    'requests-within-limits',
    'fewer huge pages than their limit',
    within('Deployment', 'spec.template.spec.containers.*.resources'),
    (resources) => {
      set('requests.hugepages-2Mi', '2Mi')(resources);
      set('limits.hugepages-2Mi', '4Mi')(resources);
    },
  ),
  mutation(
    'resources-required',
    'no request of disk',
    containers(),
    set('resources.requests.ephemeral-storage', undefined),
  ),
  mutation('resources-required', 'no resources', containers('StatefulSet', 'Job'), set('resources', undefined)),
  mutation('canonical-quantities', 'CPU as a fraction', containers(), set('resources.limits.cpu', '4.5')),
  mutation('canonical-quantities', 'memory in a smaller unit', containers(), set('resources.limits.memory', '8192Mi')),
  mutation('canonical-quantities', 'an amount that is a number', containers(), set('resources.limits.cpu', 8)),
  mutation(
    'canonical-quantities',
    'an amount that is none',
    within('PersistentVolumeClaim', 'spec.resources.requests'),
    set('storage', 'much'),
  ),
  mutation(
    'canonical-quantities',
    'thousands without a suffix',
    within('StatefulSet', 'spec.template.spec.volumes.*.emptyDir'),
    set('sizeLimit', '16000000'),
  ),
  mutation(
    'canonical-quantities',
    'an average in a smaller unit',
    within('HorizontalPodAutoscaler', 'spec.metrics.1.resource.target'),
    set('averageValue', '1024Mi'),
  ),
  mutation(
    'protocols-required',
    'a port of a container',
    within('StatefulSet', 'spec.template.spec.containers.*.ports.*'),
    set('protocol', undefined),
  ),
  mutation('protocols-required', 'a port of a Service', within('Service', 'spec.ports.*'), set('protocol', undefined)),
  mutation(
    'protocols-required',
    'a port to a pod',
    within('NetworkPolicy', 'spec.ingress.*.ports.*'),
    set('protocol', undefined),
  ),
  mutation(
    'protocols-required',
    'a port from a pod',
    within('NetworkPolicy', 'spec.egress.*.ports.*'),
    set('protocol', undefined),
  ),
];

/** Probes and Jobs. */
export const RUNNING: readonly Mutation[] = [
  mutation('servers-are-probed', 'no readiness probe', serving, set('readinessProbe', undefined)),
  mutation(
    'servers-are-probed',
    'no readiness probe of a server whose first port is called metrics',
    serving,
    (container) => {
      container.ports = [{ name: 'metrics', containerPort: 9000, protocol: 'TCP' }, ...(container.ports as object[])];
      container.readinessProbe = undefined;
    },
    onAlone,
  ),
  mutation('servers-are-probed', 'no liveness probe', serving, set('livenessProbe', undefined)),
  mutation(
    'servers-are-probed',
    'no liveness probe of what shows metrics',
    (all) => containers()(all).filter(({ name }) => name === 'metrics'),
    set('livenessProbe', undefined),
  ),
  mutation(
    'servers-are-probed',
    'both probes the same',
    serving,
    (container) => {
      container.livenessProbe = { ...(container.readinessProbe as object), periodSeconds: 60 };
    },
    onAlone,
  ),
  mutation('jobs-can-run', 'a Job that always restarts', pods('Job', 'CronJob'), set('restartPolicy', 'Always')),
  mutation('jobs-can-run', 'a Job without a restart policy', pods('Job', 'CronJob'), set('restartPolicy', undefined)),
  mutation(
    'jobs-can-run',
    'a server that never restarts',
    pods('Deployment', 'StatefulSet'),
    set('restartPolicy', 'Never'),
  ),
  mutation('jobs-can-run', 'a schedule of four fields', objects('CronJob'), set('spec.schedule', '0 3 * *')),
  mutation(
    'jobs-can-run',
    'a schedule of values that do not exist',
    objects('CronJob'),
    set('spec.schedule', '99 99 99 99 99'),
  ),
  mutation('jobs-can-run', 'a schedule that never runs', objects('CronJob'), set('spec.schedule', '0 3 30 2 *')),
  mutation('jobs-can-run', "the controller's own time zone", objects('CronJob'), set('spec.timeZone', 'Local')),
  mutation(
    'jobs-can-run',
    'a time zone that does not exist',
    objects('CronJob'),
    set('spec.timeZone', 'Europe/Berlni'),
  ),
  mutation('jobs-can-run', 'a zone within the schedule', objects('CronJob'), set('spec.schedule', 'TZ=UTC 0 3 * * *')),
  mutation('jobs-end', 'a Job without a number of tries', objects('Job'), set('spec.backoffLimit', undefined)),
  mutation('jobs-end', 'a Job that removes itself', objects('Job'), set('spec.ttlSecondsAfterFinished', 60)),
  mutation(
    'jobs-end',
    'Jobs of a CronJob without a number of tries',
    objects('CronJob'),
    set('spec.jobTemplate.spec.backoffLimit', undefined),
  ),
  mutation(
    'jobs-end',
    'Jobs of a CronJob without a time limit',
    objects('CronJob'),
    set('spec.jobTemplate.spec.activeDeadlineSeconds', undefined),
  ),
  mutation(
    'jobs-end',
    'a CronJob that runs twice at a time',
    objects('CronJob'),
    set('spec.concurrencyPolicy', 'Allow'),
  ),
  mutation(
    'jobs-end',
    'a CronJob without a deadline to start',
    objects('CronJob'),
    set('spec.startingDeadlineSeconds', undefined),
  ),
  mutation('jobs-end', 'a CronJob with too short a one', objects('CronJob'), set('spec.startingDeadlineSeconds', 5)),
];

/** Numbers of pods. */
export const AVAILABILITY: readonly Mutation[] = [
  mutation(
    'autoscalers-scale',
    'a number of pods beside the autoscaler',
    objects('Deployment'),
    set('spec.replicas', 3),
  ),
  mutation(
    'autoscalers-scale',
    'an autoscaler of nothing',
    objects('HorizontalPodAutoscaler'),
    set('spec.scaleTargetRef.name', 'x'),
  ),
  mutation(
    'autoscalers-scale',
    'an autoscaler of another kind',
    objects('HorizontalPodAutoscaler'),
    set('spec.scaleTargetRef.kind', 'StatefulSet'),
  ),
  mutation(
    'autoscalers-scale',
    'bounds in the wrong order',
    objects('HorizontalPodAutoscaler'),
    set('spec.maxReplicas', 1),
  ),
  mutation('autoscalers-scale', 'no pod at all', objects('HorizontalPodAutoscaler'), set('spec.minReplicas', 0)),
  mutation(
    'autoscalers-scale',
    'a share of nothing',
    within('Deployment', 'spec.template.spec.containers.*.resources'),
    (resources) => {
      for (const amounts of ['requests', 'limits']) set(`${amounts}.cpu`, undefined)(resources);
    },
    { also: ['resources-required'] },
  ),
  mutation(
    'local-state-has-one-pod',
    'two pods on a volume of one node',
    objects('Deployment'),
    set('spec.replicas', 2),
    onAlone,
  ),
  mutation('local-state-has-one-pod', 'two of a store', objects('StatefulSet'), set('spec.replicas', 2)),
  mutation(
    'local-state-has-one-pod',
    'a new pod beside the old',
    objects('Deployment'),
    set('spec.strategy', { type: 'RollingUpdate' }),
    onAlone,
  ),
  mutation(
    'local-state-has-one-pod',
    'the default way to roll',
    objects('Deployment'),
    set('spec.strategy', undefined),
    onAlone,
  ),
  mutation(
    'local-state-has-one-pod',
    'several pods on a volume that one node has',
    (all) => objects('PersistentVolumeClaim')(all).filter(({ metadata }) => metadata.name === 'files'),
    set('spec.accessModes', ['ReadWriteOnce']),
  ),
  another('local-state-has-one-pod', 'an autoscaler of what has a volume of one node', (all) => {
    const { name } = first('StatefulSet')(all).metadata;
    const scaled = copyOf('HorizontalPodAutoscaler', (scaler) => {
      rename('more')(scaler);
      set('spec.scaleTargetRef', { apiVersion: 'apps/v1', kind: 'StatefulSet', name })(scaler);
    })(all);
    set('spec.replicas', undefined)(first('StatefulSet')(scaled) as unknown as Loose);
    return scaled;
  }),
  ...[
    ['drains-end', { maxUnavailable: 0 }] as const,
    ['drains-end', { maxUnavailable: '0%' }] as const,
    ['drains-end', { minAvailable: 2 }] as const,
    ['drains-end', { minAvailable: '100%' }] as const,
    ['budgets-have-one-measure', { minAvailable: 1, maxUnavailable: 1 }] as const,
    ['budgets-have-one-measure', {}] as const,
  ].map(([rule, bounds]) =>
    mutation(rule, `a budget of ${JSON.stringify(bounds)}`, objects('PodDisruptionBudget'), (budget) => {
      const { minAvailable: _, maxUnavailable: __, ...rest } = budget.spec as Record<string, unknown>;
      budget.spec = { ...rest, ...bounds };
    }),
  ),
  mutation(
    'drains-end',
    'a budget that keeps the only pod',
    objects('PodDisruptionBudget'),
    (budget) => {
      set('spec.maxUnavailable', undefined)(budget);
      set('spec.minAvailable', 1)(budget);
    },
    onAlone,
  ),
  mutation(
    'unhealthy-pods-leave',
    'a budget for pods that are not ready',
    objects('PodDisruptionBudget'),
    set('spec.unhealthyPodEvictionPolicy', undefined),
  ),
];
