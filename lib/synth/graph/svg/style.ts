import type { NodeKind } from '../graph';

/** A colour in light and in dark surroundings. */
type Colour = readonly [light: string, dark: string];

/** The colours of boxes by what they are. Their captions say it too. */
const BOXES: Readonly<Record<NodeKind, { readonly fill: Colour; readonly stroke: Colour }>> = {
  workload: { fill: ['#ddf4ff', '#10294a'], stroke: ['#54aeff', '#388bfd'] },
  service: { fill: ['#dafbe1', '#12301d'], stroke: ['#4ac26b', '#2ea043'] },
  route: { fill: ['#fbefff', '#2a1e45'], stroke: ['#c297ff', '#8957e5'] },
  claim: { fill: ['#fff8c5', '#332805'], stroke: ['#d4a72c', '#9e6a03'] },
  clients: { fill: ['#f6f8fa', '#161b22'], stroke: ['#8c959f', '#6e7681'] },
  destination: { fill: ['#f6f8fa', '#161b22'], stroke: ['#8c959f', '#6e7681'] },
  anything: { fill: ['#ffebe9', '#3a1518'], stroke: ['#ff8182', '#f85149'] },
};

/** All rules of a colour: selector, property, and its two values. */
const COLOURS: readonly (readonly [selector: string, property: string, colour: Colour])[] = [
  ['.background', 'fill', ['#ffffff', '#0d1117']],
  ['text', 'fill', ['#1f2328', '#e6edf3']],
  ['.caption,.label,.legend', 'fill', ['#59636e', '#9198a1']],
  ['.namespace', 'stroke', ['#afb8c1', '#484f58']],
  ['.line', 'stroke', ['#59636e', '#9198a1']],
  ['.head', 'fill', ['#59636e', '#9198a1']],
  ['.open', 'stroke', ['#cf222e', '#f85149']],
  ['.open-head', 'fill', ['#cf222e', '#f85149']],
  ['.behind', 'fill', ['#ffffff', '#0d1117']],
  ...Object.entries(BOXES).flatMap(([kind, { fill, stroke }]) => [
    [`.${kind} rect`, 'fill', fill] as const,
    [`.${kind} rect`, 'stroke', stroke] as const,
  ]),
];

/** The class of the picture. */
export const ROOT = 'cdk8s-mlflow-graph';

/** A rule that applies within the picture alone, because a page may contain it. */
function scoped(rule: string): string {
  const [selectors = '', declarations = ''] = rule.split('{');
  const within = selectors.split(',').map((selector) => `.${ROOT} ${selector}`);
  return `${within.join(',')}{${declarations}`;
}

const coloured = (index: 0 | 1): string =>
  COLOURS.map(([selector, property, colour]) => scoped(`${selector}{${property}:${colour[index]}}`)).join('');

/** The style sheet: without fonts or anything else from elsewhere. */
export const STYLE = [
  ...[
    'text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
    '.title{font-size:13px;font-weight:600}',
    '.name{font-size:12px;font-weight:600}',
    '.heading{font-size:16px;font-weight:600}',
    '.namespace{fill:none;stroke-dasharray:2 3}',
    '.line{fill:none;stroke-width:1.4}',
    '.leads{stroke-dasharray:6 4}',
    '.mounts{stroke-dasharray:1.5 3}',
    '.open{stroke-width:2}',
  ].map(scoped),
  coloured(0),
  `@media (prefers-color-scheme:dark){${coloured(1)}}`,
].join('');
