import type { Container } from '../../../kubernetes/objects';
import { expandedNames } from '../../../kubernetes/variables';
import type { Rule } from '../rule';
import { podsOf } from '../workloads';

/**
 * Every variable that another one expands is set before it. In a command or an argument the order does not matter, and a name
 * that is not set at all stays as it is.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export const variablesExpand: Rule = {
  name: 'variables-expand',
  reason: 'the program reads the literal text $(NAME), because the kubelet expands only what is set before',
  patched: 'issue',
  check: (objects) =>
    podsOf(objects).flatMap(({ object, containers }) =>
      containers.flatMap((container) =>
        unexpandedIn(container).map(([name, expanded]) => ({
          object,
          message: `container ${container.name} sets ${name} from $(${expanded}), which is not set before it (set ${expanded} first, and let neither use the other)`,
        })),
      ),
    ),
};

function unexpandedIn({ env = [], envFrom = [] }: Container): [name: string, expanded: string][] {
  const names = env.map(({ name }) => name);
  return env.flatMap(({ name, value = '' }, index) =>
    expandedNames({ name, value })
      .filter((expanded) => names.includes(expanded) && !names.slice(0, index).includes(expanded))
      // A variable that extends itself may come from a source.
      .filter((expanded) => expanded !== name || envFrom.length === 0)
      .map((expanded): [string, string] => [name, expanded]),
  );
}
