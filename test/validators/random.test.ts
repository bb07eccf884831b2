import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import { identity, type Manifest } from '../../lib/synth/manifest';
import type { EnvironmentOutput } from '../../lib/synth/output/writer';
import { randomEnvironment } from '../arbitraries/environment';
import { sampleSize } from '../support/sample-size';
import { contentsOf, resolution, temporaryFolder } from '../support/support';
import { outputOf, writeAll } from './combinations';
import { withDefinitions } from './definitions';
import { CRDS, KUBERNETES, LAB_HOME, output } from './validator';

const program = (name: string) => join(LAB_HOME, 'bin', name);

/** The oldest release whose schemas the program brings along, and the newest that was prepared beside it. */
const OLDEST_OF_ALL = '1.23';
const schemas = join(LAB_HOME, 'schemas');
const minor = (release: string) => Number(release.split('.')[1]);
const NEWEST = (existsSync(schemas) ? readdirSync(schemas) : [])
  .filter((name) => /^1\.\d+$/.test(name))
  .sort((a, b) => minor(a) - minor(b))
  .at(-1);

/** What Kubernetes reads from 1.29 on, and `auth.oidc` needs: an init container that keeps running. */
const RESTART_POLICY = /spec\.initContainers\[\d+\]\.restartPolicy: .*unknown field$/;
const RUNNING_BESIDE = 29;

const SAMPLE = sampleSize(60, 100);
/** Always the same draw; another number draws others. */
const SEED = 20261123;

interface Result {
  readonly status: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

/** Every object of a folder as kubectl reads it, which has a YAML parser of its own. No cluster is asked. */
async function readByKubectl(folder: string): Promise<Manifest[]> {
  const given = ['annotate', '--local', '--recursive', '--output=json', `--filename=${folder}`, `${MARK}=read`];
  const { stdout, stderr } = await output(program('kubectl'), given);
  if (stderr) throw new Error(stderr.slice(-2000));
  return JSON.parse(`[${stdout.trim().replaceAll(/^}\n{/gm, '},\n{')}]`) as Manifest[];
}

/** An annotation that no environment has. */
const MARK = 'test.example.com/read';

const marked = (object: Manifest): Manifest => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [MARK]: 'read' } },
});

const byIdentity = (objects: readonly Manifest[]) => new Map(objects.map((object) => [identity(object), object]));

/** What a Kubernetes release refuses: file, field and why. Without an answer for each file nothing is concluded. */
async function refused(folder: string, release: string): Promise<string[]> {
  const files = Object.keys(contentsOf(folder));
  const local = join(schemas, release);
  // The version is that of what the folder lacks, and must be one that the program knows.
  const source = existsSync(local) ? ['--version', '1.30', '--local-schemas', local] : ['--version', release];
  const paths = files.map((file) => join(folder, file));
  const { stdout, stderr } = await withDefinitions(CRDS, (definitions) =>
    output(program('kubectl-validate'), ['--output', 'json', '--local-crds', definitions, ...source, ...paths]),
  );
  if (!stdout.startsWith('{')) throw new Error(`kubectl-validate fell over: ${stderr.slice(-2000)}`);
  const answers = Object.entries(JSON.parse(stdout) as Record<string, Result[]>);
  expect(answers.filter(([, results]) => results.length > 0)).toHaveLength(files.length);
  return answers.flatMap(([file, results]) =>
    results
      .filter(({ status }) => status !== 'Success')
      .flatMap(({ message, details }) => details?.causes ?? [{ message }])
      .map(({ field = '', message = '' }) => `${file.slice(folder.length + 1)} ${field}: ${message}`),
  );
}

describe(`${SAMPLE} random environments`, () => {
  let folder: string;
  let outputs: readonly EnvironmentOutput[];

  beforeAll(() => {
    folder = temporaryFolder();
    // Some that are drawn do not fit together, or share a namespace with clients of another; others take their place.
    const drawn = fc.sample(randomEnvironment, { numRuns: 3 * SAMPLE, seed: SEED });
    const taken = new Set<string>();
    const named: [string, EnvironmentInput][] = [];
    for (const input of drawn) {
      if (named.length === SAMPLE || !resolution(input).environment) continue;
      const name = `random-${named.length}`;
      const objects = outputOf(name, input).files.flatMap((file) => file.objects.map(identity));
      if (objects.some((object) => taken.has(object))) continue;
      for (const object of objects) taken.add(object);
      named.push([name, input]);
    }
    expect(named).toHaveLength(SAMPLE);
    outputs = writeAll(folder, new Map(named));
  });

  test('are read by kubectl as they are meant, value by value', async () => {
    const meant = outputs.flatMap(({ files }) => files);
    const objects = byIdentity(meant.flatMap((file) => file.objects.map(marked)));
    const read = byIdentity(await readByKubectl(folder));
    expect([...read.keys()].sort()).toEqual([...objects.keys()].sort());
    for (const [key, object] of objects) expect(read.get(key)).toEqual(object);
  });

  test.each([KUBERNETES[0], NEWEST ?? 'none'])('are accepted by Kubernetes %s', async (release) => {
    expect(minor(release)).toBeGreaterThanOrEqual(minor(KUBERNETES[0]));
    const lines = await refused(folder, release);
    expect(lines.filter((line) => minor(release) >= RUNNING_BESIDE || !RESTART_POLICY.test(line))).toEqual([]);
  });

  test(`have three fields that Kubernetes ${OLDEST_OF_ALL} does not know, and nothing else against it`, async () => {
    // All came with 1.25 or 1.26, which is the oldest that is validated.
    const newer = /spec\.(unhealthyPodEvictionPolicy|timeZone|jobTemplate\.spec\.podFailurePolicy): /;
    const lines = await refused(folder, OLDEST_OF_ALL);
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !newer.test(line) && !RESTART_POLICY.test(line))).toEqual([]);
  });
});
