import { containers, objects, pods, set, within } from '../sets';
import { type Mutation, mutation } from './mutation';

/** Mutations that the schema of Kubernetes refuses. */
export const SCHEMA: readonly Mutation[] = [
  mutation('matches-schema', 'a label that is a number', objects(), (object) => set('labels.team', 1)(object.metadata)),
  mutation('matches-schema', 'an annotation that is true', objects(), (object) =>
    set('annotations.a', true)(object.metadata),
  ),
  mutation('matches-schema', 'a misspelt field of a pod', pods(), set('hostAlias', [{ ip: '192.168.1.9' }])),
  mutation('matches-schema', 'a misspelt field of a container', containers(), set('comand', ['true'])),
  mutation('matches-schema', 'a number of replicas in quotes', objects('StatefulSet'), set('spec.replicas', '1')),
  mutation('matches-schema', 'a policy that does not exist', containers(), set('imagePullPolicy', 'Allways')),
  mutation('matches-schema', 'an alias without its address', pods(), set('hostAliases', [{ hostnames: ['a'] }])),
  mutation(
    'matches-schema',
    'a field of no custom resource',
    objects('ServiceMonitor', 'PrometheusRule'),
    set('spec.interval', '30s'),
  ),
  mutation(
    'matches-schema',
    'a duration that Prometheus cannot read',
    within('ServiceMonitor', 'spec.endpoints.*'),
    set('interval', '30 seconds'),
  ),
];
