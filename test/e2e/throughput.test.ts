import {
  adminPassword,
  apply,
  emptyDatabases,
  removeSurroundings,
  removeVariants,
  startController,
  startSurroundings,
  synthesizeVariant,
} from './homelab';
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
  removeNamespaces,
  rolledOut,
  until,
} from './lab';

beforeAll(async () => {
  await startSurroundings();
  await startController();
});
afterAll(async () => {
  removeVariants();
  await removeSurroundings();
});

/**
 * The server as it is rendered against the same image with what the most used chart renders: four workers (sync ones
 * under gunicorn), SQLAlchemy's own pool, and a password hashed for each request. Job execution is off on both sides,
 * which favours the other: the chart leaves it on, for three times the memory.
 */

/** The lab's node has two cores; the homelab environment's limit of four would only start workers that it cannot run. */
const NODE_SIZED = 'server: { resources: { requests: { cpu: 1 }, limits: { cpu: 2 } } }';
const LIKE_THE_CHART = `auth: { cacheSeconds: 0 }
server:
  workers: 4
  resources: { requests: { cpu: 1 }, limits: { cpu: 2 } }
  env:
    GUNICORN_CMD_ARGS: ""
    UVICORN_ACCESS_LOG: "true"
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: "5"
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW: "10"
`;

interface Measured {
  readonly log: { readonly rate: number; readonly p95: number };
  readonly search: { readonly rate: number; readonly p95: number };
  /** MiB of the server's container after the load, as the metrics API gives it. */
  readonly memory: number;
}

async function measure(release: LabRelease, tag: string, yaml: string): Promise<Measured> {
  await removeNamespaces(['mlflow']);
  const settings = `image: { tag: ${tag} }\n${yaml}`;
  await apply(await synthesizeVariant('measured', settings, 'homelab', adminPassword(ADMIN_PASSWORD[release])));
  await rolledOut();
  const given = [clientPython('3.1.0'), program('load.py'), BALANCER, '10'];
  const load = lastJson<Omit<Measured, 'memory'>>(await outside(given, { env: login(ADMIN_PASSWORD[release]) }));
  return { ...load, memory: await memory(new Date()) };
}

/** The container's memory from the first measurement that lies wholly after a moment. */
async function memory(after: Date): Promise<number> {
  let mebibytes = 0;
  await until('the metrics API measures the server', 120, async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/namespaces/mlflow/pods?labelSelector=app.kubernetes.io/component=server';
    const { items } = JSON.parse(await kubectl(['get', '--raw', path])) as {
      items: { timestamp: string; containers: { name: string; usage: { memory: string } }[] }[];
    };
    const [pod] = items;
    const usage = pod?.containers.find(({ name }) => name === 'server')?.usage.memory;
    if (!pod || !usage || new Date(pod.timestamp) <= after) return false;
    mebibytes = Math.round(Number.parseInt(usage, 10) / 1024);
    return true;
  });
  return mebibytes;
}

describe.each([
  ['3.1.0', '3.1.0-4'],
  ['3.18.0', '3.18.0-1'],
] as const)('the throughput of MLflow %s with a login', (release, tag) => {
  // On a quiet machine logging is 12 to 25 times as much and searching 9 to 20, at 0.61 to 0.64 of the memory. Without what
  // makes it so it is about once; the bounds lie between, far from both, since machines differ.
  jest.retryTimes(2);
  it('is a multiple of that of the settings of the most used chart, with less memory', async () => {
    await removeNamespaces(['mlflow']);
    await emptyDatabases();
    const theirs = await measure(release, tag, LIKE_THE_CHART);
    const ours = await measure(release, tag, NODE_SIZED);
    const ratios = {
      log: ours.log.rate / theirs.log.rate,
      search: ours.search.rate / theirs.search.rate,
      memory: ours.memory / theirs.memory,
    };
    console.log(
      `MLflow ${release}\n theirs ${JSON.stringify(theirs)}\n ours   ${JSON.stringify(ours)}\n ratios ${JSON.stringify(ratios)}`,
    );
    expect(ratios.log).toBeGreaterThan(6);
    expect(ratios.search).toBeGreaterThan(5);
    expect(ratios.memory).toBeLessThan(0.7);
  });
});
