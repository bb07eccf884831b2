import type { EnvironmentInput } from '../../lib/environment/model';
import { renderFile } from '../../lib/synth/output/render';
import { EMBEDDED } from '../support/embedded-fixtures';
import { FULLEST, SHORT_PROGRAMS, written } from '../support/fixtures';
import { filesOf, SMALLEST } from '../support/support';

/** What each file contains with its smallest and its fullest section, to see at a glance what a change does. */

const INPUTS: Readonly<Record<string, EnvironmentInput>> = {
  smallest: SMALLEST,
  fullest: written(FULLEST),
  'fullest with embedded stores': written(EMBEDDED),
  'of the oldest release': { ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } },
};

/** Of these inputs, the files that differ from those before them. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'fullest with embedded stores': [
    ...['database', 'object-store', 'deployment', 'backup', 'secrets', 'storage', 'network-policy', 'monitoring'],
  ],
  'of the oldest release': ['deployment'],
};

/** Without dashboards: their tests say what matters in their JSON. */
const withoutDashboards = (text: string) => text.replaceAll(/(^ +\S+\.json:) \|.*\n(?:(?: {4,}.*)?\n)*/gm, '$1 …\n');

const rendered = Object.entries(INPUTS).flatMap(([what, input]) =>
  filesOf(input, SHORT_PROGRAMS)
    .filter(({ name }) => PARTS[what]?.includes(name) ?? true)
    .map((file) => [file.name, what, file] as const),
);

test.each(rendered)('%s: %s', (_, __, file) => {
  expect(withoutDashboards(renderFile('example', file))).toMatchSnapshot();
});
