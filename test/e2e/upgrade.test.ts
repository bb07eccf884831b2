import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  adminPassword,
  apply,
  removeSurroundings,
  removeVariants,
  startController,
  startSurroundings,
  synthesizeVariant,
} from './homelab';
import { runJobOf } from './jobs';
import {
  ADMIN_PASSWORD,
  BALANCER,
  clientPython,
  kubectl,
  type LabRelease,
  lastJson,
  login,
  outside,
  program,
  rolledOut,
  until,
} from './lab';

/** The setting of the Ansible role from 3.1.0 to 3.18.0 with data: as docs/upgrade.md says, and without following it. */

const PASSWORD = ADMIN_PASSWORD['3.18.0'];
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-upgrade-'));
const notes = join(folder, 'journal');
/** The folders to apply, by what they are. */
const at: Record<string, string> = {};

beforeAll(async () => {
  await startSurroundings();
  await startController();
  const variant = (name: string, yaml: string) => synthesizeVariant(name, yaml, 'homelab', adminPassword(PASSWORD));
  at.old = await variant('old', '');
  at.rolling = await variant('rolling', 'image: { tag: 3.18.0-1 }\n');
  at.recreated = await variant('recreated', 'image: { tag: 3.18.0-1 }\nserver: { rollout: Recreate }\n');
  await apply(at.old);
  await rolledOut();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  removeVariants();
  await removeSurroundings();
});

const client = (release: LabRelease, name: string, ...given: string[]) =>
  outside([clientPython(release), program(name), ...given], {
    env: { ...login(PASSWORD), MLFLOW_TRACKING_URI: BALANCER },
    seconds: 500,
  });

/** The images of the server pods that are ready. */
const serving = async () => {
  const path =
    'jsonpath={range .items[?(@.status.containerStatuses[0].ready==true)]}{.spec.containers[0].image}{"\\n"}{end}';
  const given = ['-n', 'mlflow', 'get', 'pods', '-l', 'app.kubernetes.io/component=server'];
  return (await kubectl([...given, '-o', path])).split('\n').filter(Boolean);
};

/** What `prepare` of a new pod ended with. */
async function prepareEnds(): Promise<{ exitCode: number; message: string }> {
  let said = '';
  await until('prepare ends', 240, async () => {
    const path = 'jsonpath={.items[*].status.initContainerStatuses[?(@.restartCount>0)].lastState.terminated}';
    said = await kubectl(['-n', 'mlflow', 'get', 'pods', '-l', 'app.kubernetes.io/component=server', '-o', path]);
    return said !== '';
  });
  console.log(said);
  return JSON.parse(said);
}

it('there is data on 3.1.0: runs, metrics, files, a model', async () => {
  expect(lastJson(await client('3.1.0', 'client.py', 'before'))).toMatchObject({ version: '1' });
  const stop = join(folder, 'stop');
  const writing = client('3.1.0', 'journal.py', 'write', notes, stop);
  await new Promise((next) => setTimeout(next, 15_000));
  writeFileSync(stop, '');
  expect(lastJson<{ failed: object }>(await writing).failed).toEqual({});
});

it('a rolling update is refused, and the old release goes on serving without a failed request', async () => {
  const stop = join(folder, 'steady');
  const steady = client('3.1.0', 'steady.py', BALANCER, '400', stop);
  await apply(at.rolling ?? '');
  const { exitCode, message } = await prepareEnds();
  writeFileSync(stop, '');
  expect(exitCode).toBe(16);
  expect(message).toMatch(
    /^prepare failed \(servers-connected, exit 16\): .*MLflow 3\.18\.0.*servers \(3\.1\.0\).*server\.rollout: Recreate$/,
  );
  const counted = lastJson<{ ok: number }>(await steady);
  console.log(`while it is refused: ${JSON.stringify(counted)}`);
  expect(counted).toMatchObject({ failed: 0, reasons: {} });
  expect(counted.ok).toBeGreaterThan(200);
  expect(await serving()).toEqual([expect.stringContaining(':3.1.0-4')]);
});

it('Recreate upgrades, and everything reads back', async () => {
  const began = Date.now();
  await apply(at.recreated ?? '');
  await until('the new release serves', 240, async () =>
    (await serving()).some((image) => image.includes(':3.18.0-1')),
  );
  await rolledOut();
  console.log(`upgraded ${((Date.now() - began) / 1000).toFixed(0)} s after the apply`);
  const { lost, found } = lastJson<{ lost: unknown[]; found: Record<string, number> }>(
    await client('3.18.0', 'journal.py', 'verify', notes),
  );
  console.log(`acknowledged before and there: ${JSON.stringify(found)}`);
  expect(lost).toEqual([]);
  for (const kind of ['run', 'metric', 'artifact']) expect(found[kind]).toBeGreaterThan(0);
  const model = join(folder, 'model.py');
  writeFileSync(
    model,
    "import json, mlflow\nprint(json.dumps(mlflow.pyfunc.load_model('models:/model-before/1').predict([1, 2])))\n",
  );
  const env = { ...login(PASSWORD), MLFLOW_TRACKING_URI: BALANCER };
  expect(lastJson(await outside([clientPython('3.1.0'), model], { env }))).toEqual([2, 4]);
});

it('the smoke test passes afterwards, and the garbage collection has nothing to say against the schema', async () => {
  const tested = await runJobOf('mlflow-smoke-test');
  expect(tested).toMatchObject({ condition: 'Complete', log: expect.stringContaining('smoke test: passed in ') });
  expect(await runJobOf('mlflow-gc')).toMatchObject({
    condition: 'Complete',
    log: expect.stringContaining('gc: removed 0 runs, 0 logged models, 0 experiments'),
  });
});

it('the old image is refused on the new schema with one clear line, and the new release goes on serving', async () => {
  await apply(at.old ?? '');
  const { exitCode, message } = await prepareEnds();
  expect(exitCode).toBe(14);
  expect(message).toMatch(/^prepare failed \(schema-newer, exit 14\): .*restore the backup taken before the upgrade$/);
  expect(message.split('\n')).toHaveLength(1);
  // From Recreate to RollingUpdate and back to the old image in one apply: a rolling update again.
  expect(await serving()).toEqual([expect.stringContaining(':3.18.0-1')]);
});
