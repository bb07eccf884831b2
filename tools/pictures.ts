import { join } from 'node:path';
import { readEnvironments } from '../lib/synth/environments';
import { graphOf } from '../lib/synth/graph/build';
import { toSvg } from '../lib/synth/graph/svg/svg';
import { synthesize } from '../lib/synth/synthesize';

/** The pictures of the committed environments, which pages show: what `graph NAME --format svg` prints. */
export function pictures(): (readonly [file: string, text: string])[] {
  const readings = readEnvironments(join(__dirname, '..', 'environments'), []);
  return synthesize(readings).map(({ name, files }, index) => {
    const domain = readings.environments[index]?.environment.clusterDomain ?? '';
    const objects = files.flatMap((file) => file.objects);
    return [`docs/pictures/${name}.svg`, toSvg(graphOf(name, objects, domain))];
  });
}
