import type { Check } from '../../input/issue';
import { expandedInCircles } from '../../kubernetes/variables';
import { sourceChecks } from '../shared/sections/ca-certificate';
import { resourceChecks } from '../shared/sections/resources';
import { referringVariables, writtenVariables } from '../shared/written-variables';
import type { ServerSection } from './resolve';

/** Checks between the keys of the server. */
export function serverChecks({ server }: { readonly server: ServerSection }): Check[] {
  const { autoscaling } = server;
  return [
    {
      path: ['server', 'replicas'],
      violated: server.replicas !== undefined && autoscaling !== undefined,
      message: 'cannot be combined with server.autoscaling, which sets the number of pods (remove one of the two)',
    },
    {
      path: ['server', 'autoscaling', 'minReplicas'],
      violated: autoscaling !== undefined && autoscaling.minReplicas > autoscaling.maxReplicas,
      message: `is ${autoscaling?.minReplicas}, more than maxReplicas of ${autoscaling?.maxReplicas} (use at most maxReplicas)`,
    },
    ...expandedInCircles(Object.entries(writtenVariables(server.env)).map(([name, value]) => ({ name, value }))).map(
      (name) => ({
        path: ['server', 'env', name],
        // A source may set it first.
        violated: server.envFrom.length === 0,
        message:
          'expands itself, directly or through others, so the program reads $(NAME) as it is (remove the circle)',
      }),
    ),
    ...Object.entries(referringVariables(server.env)).flatMap(([name, source]) =>
      sourceChecks(['server', 'env', name], source),
    ),
    {
      path: ['server', 'serviceAccount', 'name'],
      violated: !server.serviceAccount.create && server.serviceAccount.name === undefined,
      message: 'is missing (set the name of the existing ServiceAccount)',
    },
    {
      path: ['server', 'serviceAccount', 'annotations'],
      violated: !server.serviceAccount.create && Object.keys(server.serviceAccount.annotations).length > 0,
      message:
        'have no effect on an account that synth does not create (annotate it where it is created, or remove them)',
    },
    ...resourceChecks(['server'], server.resources),
    ...server.envFrom.flatMap((source, index) => sourceChecks(['server', 'envFrom', index], source)),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index],
      violated: toleration.operator === 'Exists' ? toleration.value !== undefined : toleration.key === undefined,
      message:
        toleration.operator === 'Exists'
          ? 'has a value, which operator Exists does not allow (remove it)'
          : 'has no key (set one, or use operator: Exists)',
    })),
    ...server.tolerations.map((toleration, index) => ({
      path: ['server', 'tolerations', index, 'tolerationSeconds'],
      violated: toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute',
      message: 'is only valid with effect NoExecute (set effect: NoExecute, or remove it)',
    })),
  ];
}
