import type { LabRelease } from '../lab';
import type { Figures } from './measure';
import { medianOf, medianRatio } from './statistics';

/** A side's figures, round by round. */
export interface Measured {
  readonly title: string;
  readonly rounds: readonly Figures[];
}

type Row = readonly [what: string, figure: string, digits: number];

const LOAD_ROWS: readonly Row[] = [
  ['log-metric, requests/s', 'log', 1],
  ['log-metric, p95 ms', 'logP95', 0],
  ['search-runs, requests/s', 'search', 1],
  ['search-runs, p95 ms', 'searchP95', 0],
  ['memory (PSS) after requests, MiB', 'memory', 0],
];

const ROWS: readonly Row[] = [
  ...LOAD_ROWS,
  ['memory (PSS) after artifacts, too, MiB', 'memoryArtifacts', 0],
  ['5 MB artifact up, s', 'smallUp', 3],
  ['5 MB artifact down, s', 'smallDown', 3],
  ['1 GB artifact up, s', 'largeUp', 2],
  ['1 GB artifact down, s', 'largeDown', 2],
  ...startRows('apply → Ready, empty databases', 'apply'),
];

const RESTART_ROWS: readonly Row[] = [
  ...startRows('restart → Ready', 'restart'),
  ['rolling update of three replicas, s', 'rolling', 1],
];

function startRows(title: string, prefix: string): Row[] {
  return [
    [`${title}, s`, `${prefix} total`, 1],
    ['– until the first init container', `${prefix} scheduled`, 1],
    ['– init containers', `${prefix} init`, 1],
    ['– start program until the first worker', `${prefix} starting`, 1],
    ['– workers until the first answer', `${prefix} workers`, 1],
    ['– until probed and Ready', `${prefix} probes`, 1],
  ];
}

/** The figures of installed sides as a Markdown table: medians, and medians of the ratios of each round. */
export function installedTable(
  release: LabRelease,
  chart: Measured,
  own: Measured,
  others: readonly Measured[],
): string {
  const bases = [chart, ...others];
  const header = [
    `MLflow ${release}`,
    ...[chart, own, ...others].map(({ title }) => title),
    ...bases.map(({ title }) => `ours / ${title}`),
  ];
  return table(header, ROWS, (figure, digits) => [
    ...[chart, own, ...others].map(({ rounds }) => number(medianOf(rounds, figure), digits)),
    ...bases.map(({ rounds }) => number(medianRatio(own.rounds, rounds, figure), 2)),
  ]);
}

/** The figures with and without a login as a Markdown table: medians, and the median of the ratios of each round. */
export const loginTable = (release: LabRelease, closed: Measured, open: Measured): string =>
  table([`MLflow ${release}`, closed.title, open.title, `ours / ${open.title}`], LOAD_ROWS, (figure, digits) => [
    number(medianOf(closed.rounds, figure), digits),
    number(medianOf(open.rounds, figure), digits),
    number(medianRatio(closed.rounds, open.rounds, figure), 2),
  ]);

/** The figures of restarts as a Markdown table. */
export function restartTable(release: LabRelease, own: Measured, others: readonly Measured[]): string {
  const sides = [own, ...others];
  const header = [
    `MLflow ${release}`,
    ...sides.map(({ title }) => title),
    ...others.map(({ title }) => `ours / ${title}`),
  ];
  return table(header, RESTART_ROWS, (figure, digits) => [
    ...sides.map(({ rounds }) => number(medianOf(rounds, figure), digits)),
    ...others.map(({ rounds }) => number(medianOf(own.rounds, figure) / medianOf(rounds, figure), 2)),
  ]);
}

/** Figures on one line. */
export const line = (figures: Figures): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${value === undefined ? 'failed' : Number(value.toFixed(3))}`)
    .join(', ');

const table = (header: readonly string[], rows: readonly Row[], cells: (figure: string, digits: number) => string[]) =>
  [header, header.map(() => '---'), ...rows.map(([what, figure, digits]) => [what, ...cells(figure, digits)])]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');

const number = (value: number, digits: number) => (Number.isNaN(value) ? '–' : value.toFixed(digits));
