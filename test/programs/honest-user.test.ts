import { join } from 'node:path';
import { Lab } from './lab';
import { loginOf } from './pod-variables';
import { run } from './process';
import { labEnvironment, RenderedServer } from './rendered-server';
import { python, releases, virtualEnvironment } from './tools';

/** Checks of permissions refuse nothing that users do with things of their own, by MLflow's own client. */

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.start();
});

afterAll(async () => {
  await lab?.stop();
});

test.each(releases)('a user of MLflow %s works with experiments, models and prompts of their own', async (version) => {
  const auth = {
    defaultPermission: 'NO_PERMISSIONS' as const,
    users: [{ name: 'maker', permission: 'NO_PERMISSIONS' as const }],
  };
  const server = await RenderedServer.start(lab, labEnvironment(lab, version, `user-${version}`, { auth }));
  const [user, password] = loginOf('maker');
  const { code, stdout, stderr } = await run([python(version), join(__dirname, 'programs', 'honest_user.py')], {
    PATH: `${virtualEnvironment(version)}:${process.env.PATH}`,
    HOME: lab.folder,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_TRACKING_URI: server.url,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('version of a prompt\ndone\n');
});
