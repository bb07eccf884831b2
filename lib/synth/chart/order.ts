import { ApiObject, Chart, DependencyGraph } from 'cdk8s';
import { isNeededFirst } from '../manifest';

/**
 * Puts first what the API server needs before other objects, with what that depends on. Everything else stays in the
 * order of cdk8s, in which an object comes after its dependencies.
 *
 * @param rendered what cdk8s renders of a chart: an item for each of its objects, in the order of the dependencies
 */
export function inOrder<T>(chart: Chart, rendered: readonly T[]): T[] {
  const objects = new DependencyGraph(chart.node)
    .topology()
    .filter(ApiObject.isApiObject)
    .filter((object) => Chart.of(object) === chart);
  const first = new Set<unknown>();
  const add = (object: ApiObject): void => {
    if (first.has(object)) return;
    first.add(object);
    object.node.dependencies.filter(ApiObject.isApiObject).forEach(add);
  };
  objects.filter(isNeededFirst).forEach(add);
  const isFirst = (_: T, index: number) => first.has(objects[index]);
  return [...rendered.filter(isFirst), ...rendered.filter((each, index) => !isFirst(each, index))];
}
