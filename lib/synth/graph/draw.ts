import type { NamedEnvironment } from '../environments';
import type { EnvironmentOutput } from '../output/writer';
import { graphOf } from './build';
import type { Format } from './formats';
import { type Graph, MARKER } from './graph';

/** The text of the picture of a graph, from a module that is loaded for its format alone. */
type Draw = (graph: Graph) => Promise<string>;

/** What draws each format. */
const DRAW: Readonly<Record<Format, Draw>> = {
  mermaid: async (graph) => (await import('./mermaid')).toMermaid(graph),
  svg: async (graph) => (await import('./svg/svg')).toSvg(graph),
};

/** Whether a text is such a picture and nothing else: a page that contains one is not. */
export function isDrawing(text: string): boolean {
  const [first = '', second = '', ...rest] = text.trimEnd().split(/\r?\n/);
  if (first === `%% ${MARKER}`) return second === 'flowchart LR' && rest.every((line) => line.startsWith('  '));
  return (
    first.startsWith('<svg ') &&
    second === `<!-- ${MARKER} -->` &&
    rest.at(-1) === '</svg>' &&
    !rest.slice(0, -1).some((line) => line.includes('</svg>'))
  );
}

type Named = Pick<NamedEnvironment, 'name' | 'environment'>;
type Output = Pick<EnvironmentOutput, 'files'>;

/** The graph of the output of an environment. */
export const graphOfOutput = ({ name, environment }: Named, { files }: Output): Graph =>
  graphOf(
    name,
    files.flatMap(({ objects }) => objects),
    environment.clusterDomain,
    environment.networkPolicy.addresses,
  );

/** The picture of the output of an environment. */
export const draw = (environment: Named, output: Output, format: Format): Promise<string> =>
  DRAW[format](graphOfOutput(environment, output));
