import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { EMBEDDED } from '../../support/embedded-fixtures';
import { FULLEST, written } from '../../support/fixtures';
import { type MadePod, objectsOf, podsOf, ROOT, SMALLEST, temporaryFolder, variables } from '../../support/support';
import { mounted, started } from './mounted';

/** What pods mount, against the imports that Python's own parser finds in it. */

const PYTHON = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;
if (!PYTHON) console.warn('SKIPPED: python3 is not here, so the imports of what pods mount are not followed');

const PROGRAMS_FOLDER = join(ROOT, 'programs');

/** What a pod uses besides the programs that it starts, by path. */
function used({ containers }: MadePod): string[] {
  const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts);
  // A file mounted in the place of another.
  const single = mounts.flatMap(({ name, subPath }) => (name === 'programs' && subPath ? [subPath] : []));
  // The module in which MLflow looks for the function that checks logins.
  const functions = containers.flatMap((container) => variables(container).PREPARE_AUTHORIZATION_FUNCTION ?? []);
  return [...new Set([...single, ...functions.map((name) => `server/${name.split(':')[0]}.py`)])];
}

const INPUTS: Readonly<Record<string, EnvironmentInput>> = {
  fullest: written(FULLEST),
  embedded: written(EMBEDDED),
  // Its logins are cached by a module of ours.
  oldest: { ...SMALLEST, image: { repository: 'registry.example.com/mlflow', tag: '3.1.0' } },
};

const pods = Object.entries(INPUTS).flatMap(([name, input]) =>
  podsOf(objectsOf(input))
    .filter((pod) => mounted(pod).length > 0)
    .map((pod) => ({ name: `${name}: ${pod.owner.kind} ${pod.owner.metadata.name}`, pod })),
);

(PYTHON ? test : test.skip)('each pod mounts every module that its programs import, and no other', () => {
  expect(pods.length).toBeGreaterThan(10);
  const given = pods.map(({ pod }) => {
    const folder = temporaryFolder();
    for (const path of mounted(pod)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      copyFileSync(join(PROGRAMS_FOLDER, path), join(folder, path));
    }
    return { folder, started: [...started(pod), ...used(pod)] };
  });
  const { stdout, stderr } = spawnSync('python3', [join(__dirname, 'imports.py')], {
    input: JSON.stringify({ all: PROGRAMS_FOLDER, pods: given }),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const found = (JSON.parse(stdout) as unknown[]).map((each, index) => [pods[index]?.name, each]);
  expect(found).toEqual(pods.map(({ name }) => [name, { missing: [], unused: [] }]));
});
