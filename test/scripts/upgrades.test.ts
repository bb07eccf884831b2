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

/** What a release has of all that was ever logged, after adding a run of its own. */
async function logAndRead(release: string, name: string): Promise<readonly string[]> {
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

test.each([
  ['two databases', 'upgrades', 'upgrades-auth', runReleases],
  ['one database for both schemas', 'shared', 'shared', ['3.7.0', '3.18.0']],
])('a release upgrades what the one before made in %s, and loses nothing', async (_, name, users, all) => {
  const seen: string[] = [];
  for (const release of all) {
    const more = { PREPARE_CREATE_DATABASES: 'true', PREPARE_AUTH_DATABASE: users };
    const settings = { ...lab.settings(release, name), ...more };
    const { stdout } = await lab.prepared(release, settings);
    expect(stdout).toMatch(
      seen.length === 0 ? /tracking schema: creating/ : /tracking schema: upgrading|is up to date/,
    );
    // The administrator of the first release is the same in the last.
    expect(stdout.includes('created admin user')).toBe(seen.length === 0);
    expect(await lab.logins(release, settings, [admin, [admin[0], 'wrong password']])).toEqual([true, false]);
    seen.push(release);
    expect(await logAndRead(release, name)).toEqual([...seen].sort());
  }
});

test('a release refuses what a newer one made', async () => {
  const [oldest = ''] = runReleases;
  expect(await lab.prepare(oldest, lab.settings(oldest, 'upgrades'))).toMatchObject({
    code: 14,
    message: expect.stringContaining("use that release's image, or restore the backup"),
  });
});
