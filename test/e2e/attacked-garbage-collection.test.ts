import { METRICS_PORT, SERVER_PORT } from '../../lib/components/shared/constants';
import { ATTACKERS, AttackedServer, NAMESPACE } from './attacked-server';
import { removeSurroundings, removeVariants } from './homelab';
import { runJobOf } from './jobs';
import { clientPython, IMAGE, kubectl, type LabRelease, lab, lastJson, program } from './lab';
import { Listeners } from './listeners';
import { pythonInPod, reachable } from './pods';
import { psql } from './quickstart';

/**
 * A user without permissions wants the administrator's login: the garbage collection sends it to wherever the files of a
 * deleted run are. The network policy and the program each prevent that by themselves, so each is tried without the other.
 */

const DATABASE_PORT = 5432;
/** Ports that the policy opens to some address, and one that it opens to none. */
const PORTS = [SERVER_PORT, DATABASE_PORT, METRICS_PORT, 8080];
/** Labels of the garbage collection's pods, by which the policy selects them. */
const COLLECTOR = {
  'app.kubernetes.io/name': 'mlflow',
  'app.kubernetes.io/instance': 'mlflow',
  'app.kubernetes.io/component': 'garbage-collection',
};

/** One pod that the policy of the garbage collection selects, or not. */
const pod = (name: string, labels = {}) => ({ namespace: NAMESPACE, name, image: IMAGE['3.18.0'], labels });

// A PostgreSQL of an interrupted run listens on one of the ports.
beforeAll(removeSurroundings);
afterAll(removeVariants);

describe.each<LabRelease>(['3.18.0', '3.1.0'])('the garbage collection of MLflow %s', (release) => {
  const server = new AttackedServer(release);
  const listeners = new Listeners(ATTACKERS, PORTS);

  beforeAll(async () => {
    await server.start('auth: { defaultPermission: NO_PERMISSIONS }\ngarbageCollection: { olderThan: 1d }\n');
    await listeners.start();
  });

  afterAll(async () => {
    listeners.stop();
    await server.stop();
  });

  it('reaches no foreign address, whatever the program does: the network policy', async () => {
    // Without the labels no policy applies, so that the listeners are reachable.
    expect(await reachable(pod('other'), listeners.addresses)).toEqual(listeners.addresses);
    expect(await reachable(pod('collector', COLLECTOR), listeners.addresses)).toEqual([]);
  });

  it('sends nothing to a foreign address, whatever the policy is: the program', async () => {
    const files = listeners.addresses.flatMap((address) => [`http://${address}`, `mlflow-artifacts://${address}`]);
    const argv = [clientPython(release), program('elsewhere.py'), ...files];
    const made = lastJson<Made>(await lab('exec', argv, { env: await server.login() }));
    // Such a location is refused, but a row may be older.
    expect(made.refused).toBe(files.length);
    await psql(age(made), NAMESPACE);
    await kubectl(['-n', NAMESPACE, 'delete', 'networkpolicies', '--all']);
    expect(await reachable(pod('collector', COLLECTOR), listeners.addresses)).toEqual(listeners.addresses);

    const collected = await runJobOf('mlflow-gc', NAMESPACE);
    const kept = collected.log.split('\n').filter((line) => line.includes('which is not below the artifact root'));
    for (const [run, location] of made.foreign) {
      expect(kept.filter((line) => line.includes(run) && line.includes(location))).toHaveLength(1);
    }
    expect(collected).toMatchObject({ condition: 'Complete', log: expect.stringContaining('removed 1 runs') });
    expect(await listeners.requests()).toEqual([[], []]);

    // Such a request would have been seen.
    const request =
      'import sys, urllib.request as u\nfor url in sys.argv[1:]: u.urlopen(u.Request(url, method="DELETE"))';
    const urls = listeners.addresses.map((address) => `http://${address}/seen`);
    await pythonInPod(pod('control', COLLECTOR), `import sys\nsys.argv[1:] = ${JSON.stringify(urls)}\n${request}`);
    const seen = PORTS.map(() => 'DELETE /seen None');
    expect(await listeners.requests()).toEqual([seen, seen]);
  });
});

/** What test/e2e/programs/elsewhere.py created and deleted. */
interface Made {
  /** How many locations the server refused. */
  readonly refused: number;
  /** Experiment, run and location of those elsewhere. */
  readonly foreign: readonly (readonly [run: string, location: string, experiment: string])[];
}

/** Statements that make all of it old, with the locations that the server refused. */
const age = ({ foreign }: Made): string =>
  [
    '\\c mlflow',
    "UPDATE runs SET deleted_time = 0 WHERE lifecycle_stage = 'deleted'",
    "UPDATE experiments SET last_update_time = 0 WHERE lifecycle_stage = 'deleted'",
    ...foreign.flatMap(([run, location, experiment]) => [
      `UPDATE experiments SET artifact_location = '${location}' WHERE experiment_id = ${experiment}`,
      `UPDATE runs SET artifact_uri = '${location}/${run}/artifacts' WHERE run_uuid = '${run}'`,
    ]),
  ].join(';\n');
