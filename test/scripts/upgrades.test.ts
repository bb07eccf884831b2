import { admin, Lab } from './lab';
import { run } from './process';
import { python, runReleases } from './tools';

/** From release to release on the same databases, with data in place. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

const name = 'upgrades';

/** What a release has of all that was ever logged, after adding a run of its own. */
async function logAndRead(release: string): Promise<readonly string[]> {
  const program = `
import json, os, sys
import mlflow
mlflow.set_tracking_uri("postgresql+psycopg2:///" + sys.argv[1])
client = mlflow.MlflowClient()
run = client.create_run("0", run_name=mlflow.__version__)
client.log_metric(run.info.run_id, "loss", 0.5, step=3)
client.log_param(run.info.run_id, "rate", "0.1")
client.create_registered_model("model-" + mlflow.__version__)
found = []
for each in client.search_runs(["0"], max_results=100):
    history = client.get_metric_history(each.info.run_id, "loss")
    assert [(point.value, point.step) for point in history] == [(0.5, 3)], history
    assert each.data.params == {"rate": "0.1"}, each.data.params
    client.get_registered_model("model-" + each.info.run_name)
    found.append(each.info.run_name)
print(json.dumps(sorted(found)))
`;
  const { code, stdout, stderr } = await run([python(release), '-c', program, name], lab.env(release));
  if (code !== 0) throw new Error(`${release}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as string[];
}

test('every kind of release upgrades what the one before made, and loses nothing', async () => {
  const seen: string[] = [];
  for (const release of runReleases) {
    const settings = { ...lab.settings(release, name), PREPARE_CREATE_DATABASES: 'true' };
    const { stdout } = await lab.prepared(release, settings);
    expect(stdout).toMatch(
      seen.length === 0 ? /tracking schema: creating/ : /tracking schema: upgrading|is up to date/,
    );
    // The administrator of the first release is the same in the last.
    expect(stdout.includes('created admin user')).toBe(seen.length === 0);
    expect(await lab.logins(release, settings, [admin, [admin[0], 'wrong password']])).toEqual([true, false]);
    seen.push(release);
    expect(await logAndRead(release)).toEqual([...seen].sort());
  }
});

test('a release refuses what a newer one made', async () => {
  const [oldest = ''] = runReleases;
  expect(await lab.prepare(oldest, lab.settings(oldest, name))).toMatchObject({
    code: 14,
    message: expect.stringContaining("use that release's image, or restore the backup"),
  });
});
