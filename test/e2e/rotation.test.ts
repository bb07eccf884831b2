import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
import {
  ADMIN_PASSWORD,
  BALANCER,
  CREDENTIALS,
  clientPython,
  kubectl,
  lastJson,
  outside,
  program,
  rolledOut,
  until,
} from './lab';

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

const pods = async () =>
  (await kubectl(['-n', 'mlflow', 'get', 'pods', '-l', 'app.kubernetes.io/component=server', '-o', 'name']))
    .split('\n')
    .filter(Boolean);

/** Seals values, synthesizes and applies: what a person does. */
async function applySealed(changed: Resealed): Promise<void> {
  sealed = [...sealed, ...changed];
  await apply(await synthesizeVariant('rotation', SETTINGS, 'homelab', sealed));
}

interface Counted {
  readonly ok: number;
  readonly reopened: number;
  readonly other: number;
  readonly failed: number;
  readonly reasons: Readonly<Record<string, number>>;
}

/** Applies changed values while a client asks on and on, until after the last old pod is gone. */
async function underClient(what: string, login: Record<string, string>, change: () => Promise<void>): Promise<Counted> {
  const before = await pods();
  const stop = join(mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-e2e-')), 'stop');
  const given = [clientPython(RELEASE), program('steady.py'), BALANCER, '400', stop];
  const steady = outside(given, { env: login, seconds: 500 });
  await new Promise((next) => setTimeout(next, 5000));
  await change();
  await rolledOut();
  await until('the old pods are gone', 180, async () => !(await pods()).some((pod) => before.includes(pod)));
  await new Promise((next) => setTimeout(next, 5000));
  writeFileSync(stop, '');
  const counted = lastJson<Counted>(await steady);
  rmSync(dirname(stop), { recursive: true });
  console.log(`${what}: ${JSON.stringify(counted)}`);
  return counted;
}

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

it('loses no request of a client that knows both passwords when a user’s changes, and none of anybody else', async () => {
  const next = 'second of a user: $(X)';
  const login = { MLFLOW_TRACKING_USERNAME: 'notebooks', MLFLOW_TRACKING_PASSWORD: 'first of a user: $(X)' };
  const counted = await underClient('password of a user', { ...login, NEXT_PASSWORD: next }, () =>
    applySealed(passwordOfUser(next)),
  );
  expect(counted.failed).toBe(0);
  expect(counted.other).toBeGreaterThan(0);
});
