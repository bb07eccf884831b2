import { ApiObject, Chart, DependencyGraph } from 'cdk8s';
import { isNeededFirst } from '../manifest';

/** The objects of a chart, and which of them come first. */
interface Ordered {
  /** Each after those that it depends on. */
  readonly objects: readonly ApiObject[];
  /** What the API server needs before other objects, with what that depends on. */
  readonly first: ReadonlySet<ApiObject | undefined>;
}

/** The order in which kubectl has to apply the objects of a chart. */
export function orderOf(chart: Chart): Ordered {
  const objects = new DependencyGraph(chart.node)
    .topology()
    .filter(ApiObject.isApiObject)
    .filter((object) => Chart.of(object) === chart);
  const first = new Set<ApiObject | undefined>();
  const add = (object: ApiObject): void => {
    if (first.has(object)) return;
    first.add(object);
    object.node.dependencies.filter(ApiObject.isApiObject).forEach(add);
  };
  objects.filter(isNeededFirst).forEach(add);
  return { objects, first };
}

/**
 * Puts first what the API server needs before other objects, with what that depends on. Everything else stays in the
 * order of cdk8s, in which an object comes after its dependencies.
 *
 * @param rendered what cdk8s renders of a chart: an item for each of its objects, in the order of the dependencies
 */
export function inOrder<T>(chart: Chart, rendered: readonly T[]): T[] {
  const { objects, first } = orderOf(chart);
  const isFirst = (_: T, index: number) => first.has(objects[index]);
  return [...rendered.filter(isFirst), ...rendered.filter((each, index) => !isFirst(each, index))];
}
