import { compareReleases } from '../../lib/mlflow/releases';
import { Lab } from './lab';
import { type Environment, run } from './process';
import { marked } from './said';
import { everyRelease, python, runReleases } from './tools';

/** From release to release on the same databases, with data in place. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

/** Writes something of every kind as one release does, and names the releases of which all that they wrote is there. */
async function writeAndRead(release: string, env: Environment): Promise<readonly string[]> {
  const program = `
import json, os
import mlflow
from mlflow.server.auth.sqlalchemy_store import SqlAlchemyStore
mlflow.set_tracking_uri("postgresql+psycopg2:///" + os.environ["PREPARE_TRACKING_DATABASE"])
client, logins = mlflow.MlflowClient(), SqlAlchemyStore()
logins.init_db("postgresql+psycopg2:///" + os.environ["PREPARE_AUTH_DATABASE"])
admin, password = os.environ["PREPARE_ADMIN_USERNAME"], os.environ["PREPARE_ADMIN_PASSWORD"]
assert logins.authenticate_user(admin, password) and logins.get_user(admin).is_admin
assert not logins.authenticate_user(admin, "wrong password")

own, experiment = mlflow.__version__, client.create_experiment("of " + mlflow.__version__, "s3://artifacts")
run = client.create_run(experiment, run_name=own, tags={"kind": "upgrade"})
client.log_metric(run.info.run_id, "loss", 0.5, step=3)
client.log_param(run.info.run_id, "rate", "0.1")
client.create_registered_model("model-" + own)
client.create_model_version("model-" + own, "s3://artifacts/" + own, run.info.run_id)
client.set_registered_model_alias("model-" + own, "champion", "1")
client.create_logged_model(experiment, name="logged", source_run_id=run.info.run_id)
logins.create_user("user of " + own, "password of " + own)
logins.create_experiment_permission(experiment, "user of " + own, "EDIT")
logins.create_registered_model_permission("model-" + own, "user of " + own, "MANAGE")

found = []
for experiment in client.search_experiments():
    for run in client.search_runs([experiment.experiment_id]):
        name = run.info.run_name
        history = client.get_metric_history(run.info.run_id, "loss")
        assert [(point.value, point.step) for point in history] == [(0.5, 3)], history
        assert run.data.params == {"rate": "0.1"} and run.data.tags["kind"] == "upgrade", run.data
        assert client.get_model_version_by_alias("model-" + name, "champion").run_id == run.info.run_id
        [logged] = client.search_logged_models([experiment.experiment_id])
        assert (logged.name, logged.source_run_id) == ("logged", run.info.run_id), logged
        user = "user of " + name
        assert logins.authenticate_user(user, "password of " + name)
        assert logins.get_experiment_permission(experiment.experiment_id, user).permission == "EDIT"
        assert logins.get_registered_model_permission("model-" + name, user).permission == "MANAGE"
        found.append(name)
print("RESULT", json.dumps(found))
`;
  return JSON.parse(marked(await run([python(release), '-c', program], env))) as string[];
}

const since = (first: string): string[] => runReleases.filter((version) => compareReleases(version, first) >= 0);

/** MLflow 3.6.0 fails at authentication databases that an older release made (`authUpgrade` in the table of releases). */
const DEAD_END = '3.6.0';

const walks: readonly (readonly [where: string, tracking: string, auth: string, releases: readonly string[]])[] =
  everyRelease
    ? [
        ['two databases from 3.1.0', 'upgrades', 'upgrades-auth', runReleases],
        ['two databases from 3.6.0', 'dead-end', 'dead-end-auth', since('3.6.0').slice(0, 2)],
        ['one database for both schemas from 3.6.0', 'shared', 'shared', since('3.6.0')],
      ]
    : [
        // 3.7.0 is the first that takes the older releases' logins, and one of those that need to be called twice for it.
        ['two databases from 3.1.0', 'upgrades', 'upgrades-auth', ['3.1.0', '3.7.0', '3.11.1', '3.18.0']],
        ['one database for both schemas from 3.7.0', 'shared', 'shared', ['3.7.0', '3.18.0']],
      ];

describe.each(walks)('%s', (_, name, users, releases) => {
  const seen: string[] = [];
  const settings = (release: string) => ({
    ...lab.settings(release, name),
    PREPARE_CREATE_DATABASES: 'true',
    PREPARE_AUTH_DATABASE: users,
  });

  const steps = releases.map((release, index): [string, string] =>
    index > 0 && release === DEAD_END
      ? [release, 'ends with 17 and changes nothing']
      : [release, index === 0 ? 'makes them' : 'upgrades what the ones before made, and loses nothing'],
  );
  test.each(steps)('MLflow %s %s', async (release, what) => {
    if (what.startsWith('ends')) {
      const before = [await lab.postgres.dump(name), await lab.postgres.dump(users)];
      expect(await lab.prepare(release, settings(release))).toMatchObject({
        code: 17,
        message: expect.stringContaining(`auth database '${users}'`),
      });
      expect([await lab.postgres.dump(name), await lab.postgres.dump(users)]).toEqual(before);
      return;
    }
    const env = settings(release);
    const { stdout } = await lab.prepared(release, env);
    expect(stdout).toMatch(seen.length === 0 ? /tracking schema: creating/ : /tracking schema: upgrading|up to date/);
    // The administrator of the first release is the same in the last.
    expect(stdout.includes('created admin user')).toBe(seen.length === 0);
    seen.push(release);
    expect((await writeAndRead(release, env)).toSorted()).toEqual(seen.toSorted());
  });
});

test('a release refuses the schema of a newer one', async () => {
  const [oldest = ''] = runReleases;
  expect(await lab.prepare(oldest, lab.settings(oldest, 'upgrades'))).toMatchObject({
    code: 14,
    message: expect.stringContaining("use that release's image, or restore the backup"),
  });
});
