import { join } from 'node:path';
import { readEnvironments } from '../lib/synth/environments';
import { graphOfOutput } from '../lib/synth/graph/draw';
import { toSvg } from '../lib/synth/graph/svg/svg';
import { synthesize } from '../lib/synth/synthesize';

/** The pictures of the committed environments, which pages show: what `graph NAME --format svg` prints. */
export function pictures(): (readonly [file: string, text: string])[] {
  const readings = readEnvironments(join(__dirname, '..', 'environments'), []);
  const outputs = synthesize(readings);
  return readings.environments.map((environment, index) => {
    const graph = graphOfOutput(environment, { files: outputs[index]?.files ?? [] });
    return [`docs/pictures/${environment.name}.svg`, toSvg(graph)];
  });
}
