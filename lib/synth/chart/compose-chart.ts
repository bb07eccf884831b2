import { InputError } from '../../input/input-error';
import { nameIssue } from '../environment-folder';
import type { OutputFile } from '../manifest';
import { type FileChange, planOutput, writeOutput } from '../output/writer';
import { withReasonsOnce } from '../rules/reasons';
import { MlflowChart } from './mlflow-chart';

/** The output of a chart, divided into files as the command divides it. */
export interface Composition {
  /** The id of the chart, which is the folder of the files. */
  readonly name: string;
  /**
   * Each with its objects. Those that you added are in the file `objects`, except Namespaces and
   * CustomResourceDefinitions, with what they depend on: they are in the file `namespace`, which is applied first.
   */
  readonly files: readonly OutputFile[];
  /** What patches and further objects open, as lines: they are not passed to the prop `warn`. */
  readonly warnings: readonly string[];
}

/**
 * Divides the objects of a chart into the files that `cdk8s-mlflow synth` writes, with everything that was added to it.
 *
 * @throws InputError with every issue of the objects.
 */
export function compose(chart: MlflowChart): Composition {
  const { lines, composition } = inspectChart(mlflowChart(chart, 'chart'));
  if (lines.length > 0) throw new InputError(withReasonsOnce(lines));
  return composition;
}

/**
 * Writes charts as `cdk8s-mlflow synth` writes environments: a folder for each chart, named after its id, with a file
 * for each component. Only files that change are written, each in one step. Files of these folders that an earlier run
 * wrote and that are no longer part of the output are removed. Warnings are passed to the prop `warn` of their chart.
 *
 * @param folder the output folder, which is created if it does not exist
 * @returns what happened to each file
 * @throws InputError with every issue of every chart, before anything is written.
 */
export function writeCharts(folder: string, charts: readonly MlflowChart[]): FileChange[] {
  refuseMisuse(folder, charts);
  const inspected = charts.map((chart, index) => inspectChart(mlflowChart(chart, `charts[${index}]`)));
  const lines = [...misnamed(charts), ...sharedIds(charts), ...inspected.flatMap((each) => each.lines)];
  if (lines.length > 0) throw new InputError(withReasonsOnce(lines));
  for (const [index, chart] of charts.entries()) chart._tell(inspected[index]?.composition.warnings ?? []);
  const changes = planOutput(
    folder,
    inspected.map(({ composition }) => composition),
    { all: false },
  );
  writeOutput(folder, changes);
  return changes;
}

/** For JavaScript, where no compiler refuses other values. */
function refuseMisuse(folder: unknown, charts: unknown): void {
  const isPath = typeof folder === 'string' && folder !== '';
  const lines = [
    ...(isPath ? [] : ['folder: is not a path (pass the output folder, such as dist)']),
    ...(Array.isArray(charts) ? [] : ['charts: is not a list (pass [chart, …])']),
  ];
  if (lines.length > 0) throw new InputError(lines);
}

/** As above. */
function mlflowChart(given: MlflowChart, name: string): MlflowChart {
  if (given instanceof MlflowChart) return given;
  throw new InputError([`${name}: is not an MlflowChart (pass what new MlflowChart or MlflowChart.fromFile returns)`]);
}

/** An id names a folder. */
const misnamed = (charts: readonly MlflowChart[]): string[] =>
  charts.flatMap(({ node }) => nameIssue(node.id, 'chart id, which names a folder') ?? []);

/** Ids are unique only among the children of one construct, and each names a folder. */
function sharedIds(charts: readonly MlflowChart[]): string[] {
  return [...new Set(charts.map(({ node }) => node.id))].flatMap((id) => {
    const same = charts.filter(({ node }) => node.id === id);
    if (same.length === 1) return [];
    const paths = same.map(({ node }) => `[${node.path}]`).join(', ');
    return `${paths}: have the id ${id}, so they would be written to one folder (give each chart an id of its own)`;
  });
}

function inspectChart(chart: MlflowChart): { readonly lines: readonly string[]; readonly composition: Composition } {
  const { files, issues, warnings } = chart._inspect();
  return {
    lines: issues.map((issue) => `[${chart.node.path}] ${chart._line(issue)}`),
    composition: { name: chart.node.id, files, warnings: warnings.map((warning) => chart._line(warning)) },
  };
}
