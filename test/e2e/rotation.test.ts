import {
  adminPassword,
  apply,
  type Resealed,
  removeSurroundings,
  removeVariants,
  sql,
  startController,
  startSurroundings,
  synthesizeVariant,
} from './homelab';
import { ADMIN_PASSWORD, BALANCER, CREDENTIALS, kubectl, rolledOut } from './lab';
import { underSteadyClient } from './steady-client';

/**
 * Passwords changed under a steady client, by the steps of docs/secrets.md. What it counts stands there. Not part of every
 * run: it takes some minutes and guards what the tests of `prepare` and of a rolling restart guard too.
 */

const RELEASE = '3.18.0';
const SETTINGS = `image: { tag: 3.18.0-1 }
server: { replicas: 2, resources: { requests: { cpu: 200m, memory: 1Gi }, limits: { cpu: 1, memory: 1536Mi } } }
auth: { users: [{ name: notebooks, permission: EDIT }] }
`;

const USER = 'mlflow-user-notebooks';
const DATABASE = 'mlflow-db-credentials';
const passwordOfUser = (value: string): Resealed => [
  [USER, 'MLFLOW_TRACKING_USERNAME', 'notebooks'],
  [USER, 'MLFLOW_TRACKING_PASSWORD', value],
];

/** What has been sealed so far. */
let sealed: Resealed = [...adminPassword(ADMIN_PASSWORD[RELEASE]), ...passwordOfUser('first of a user: $(X)')];

/** Seals values, synthesizes and applies: what a person does. */
async function applySealed(changed: Resealed): Promise<void> {
  sealed = [...sealed, ...changed];
  await apply(await synthesizeVariant('rotation', SETTINGS, 'homelab', sealed));
}

/** Applies changed values while a client asks on and on, until after the last old pod is gone. */
const underClient = (what: string, env: Record<string, string>, change: () => Promise<void>) =>
  underSteadyClient(what, { release: RELEASE, url: BALANCER, env }, change, 180);

const administrator = (password = ADMIN_PASSWORD[RELEASE]) => ({
  MLFLOW_TRACKING_USERNAME: CREDENTIALS.admin,
  MLFLOW_TRACKING_PASSWORD: password,
});

beforeAll(async () => {
  await startSurroundings();
  await startController();
  await applySealed([]);
  await rolledOut();
});
afterAll(async () => {
  removeVariants();
  await removeSurroundings();
});

/** Roles of the connections that servers hold. */
const roles = async () =>
  (await sql('postgres', "select distinct usename from pg_stat_activity where application_name like 'mlflow-server/%'"))
    .split('\n')
    .filter(Boolean);

it('loses no request when the database password changes by a second role', async () => {
  const password = 'second: p@ss $(Y)';
  await sql(
    'postgres',
    `create role mlflow_user_b login password '${password}' in role mlflow_user; alter role mlflow_user_b set role = 'mlflow_user'`,
  );
  const counted = await underClient('database password, by a second role', administrator(), () =>
    applySealed([
      [DATABASE, 'username', 'mlflow_user_b'],
      [DATABASE, 'password', password],
    ]),
  );
  expect(counted).toMatchObject({ failed: 0, other: 0 });
  expect(await roles()).toEqual(['mlflow_user_b']);
  await sql('postgres', 'alter role mlflow_user nologin');
  const after = await underClient('the first role may not log in any more', administrator(), async () => {
    await kubectl(['-n', 'mlflow', 'rollout', 'restart', 'deployment/mlflow']);
  });
  expect(after.failed).toBe(0);
});

it('shows what it costs to change the database password of the one role', async () => {
  const password = 'third: p@ss $(Z)';
  const counted = await underClient('database password, of the one role', administrator(), async () => {
    await sql('postgres', `alter role mlflow_user_b password '${password}'`);
    await applySealed([[DATABASE, 'password', password]]);
  });
  expect(counted.ok).toBeGreaterThan(100);
});

it('loses no request of a client that knows both passwords when the administrator’s changes', async () => {
  const next = 'another "long" password %(x)s';
  const counted = await underClient('administrator password', { ...administrator(), NEXT_PASSWORD: next }, () =>
    applySealed(adminPassword(next)),
  );
  expect(counted.failed).toBe(0);
  expect(counted.other).toBeGreaterThan(0);
});

it('loses no request of a client that knows both passwords when a user’s changes, and none of other users', async () => {
  const next = 'second of a user: $(X)';
  const login = { MLFLOW_TRACKING_USERNAME: 'notebooks', MLFLOW_TRACKING_PASSWORD: 'first of a user: $(X)' };
  const counted = await underClient('password of a user', { ...login, NEXT_PASSWORD: next }, () =>
    applySealed(passwordOfUser(next)),
  );
  expect(counted.failed).toBe(0);
  expect(counted.other).toBeGreaterThan(0);
});
