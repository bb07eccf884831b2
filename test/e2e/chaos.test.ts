import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply, removeVariants, synthesizeVariant } from './homelab';
import {
  clientPython,
  imageLine,
  kubectl,
  type LabRelease,
  lab,
  lastJson,
  program,
  removeNamespaces,
  SHORT_PAUSE,
  until,
} from './lab';
import { inServer } from './pods';
import { allReady, crash, login, podOf, replace } from './quickstart';

/**
 * What a client sees while something breaks, in numbers: `npm run test:chaos` prints the rows of docs/reliability.md. Two
 * server pods, with PostgreSQL and S3 of the quickstart, on the oldest and the newest release (MLFLOW_CHAOS_RELEASES names
 * others). Every write that was acknowledged must be there afterwards.
 */

const releases = (process.env.MLFLOW_CHAOS_RELEASES ?? '3.18.0,3.1.0').split(',') as LabRelease[];
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-chaos-'));

afterAll(async () => {
  rmSync(folder, { recursive: true });
  removeVariants();
  await removeNamespaces(['mlflow']);
});

interface Kind {
  readonly ok: number;
  readonly failed: number;
  /** Seconds from the last answer before failures to the next one. */
  readonly longest: number;
  readonly reasons: Readonly<Record<string, number>>;
}
type Seen = Readonly<Record<'read' | 'write' | 'file' | 'client', Kind>>;

const pause = (seconds: number) => new Promise((next) => setTimeout(next, seconds * 1000));
const python = async (...given: string[]) => {
  // As many tries as MLflow's client makes by itself, and as patient.
  const { MLFLOW_HTTP_REQUEST_MAX_RETRIES: _, MLFLOW_HTTP_REQUEST_TIMEOUT: __, ...env } = await login();
  return lab('exec', [clientPython('3.18.0'), program('chaos.py'), ...given], { env, seconds: 580 });
};

/** Does something while the client asks, which it does for some time before and after, too. */
async function underClient(notes: string, task: () => Promise<void>): Promise<Seen> {
  const stop = join(folder, `stop-${Date.now()}`);
  const seen = python('use', notes, stop);
  try {
    await pause(25);
    await task();
    await pause(30);
  } finally {
    writeFileSync(stop, '');
  }
  return lastJson<Seen>(await seen);
}

async function restartDatabase(): Promise<void> {
  await kubectl(['-n', 'mlflow', 'delete', 'pod', 'mlflow-database-0']);
}

async function storeAway(seconds: number): Promise<void> {
  const scale = (replicas: number) =>
    kubectl(['-n', 'mlflow', 'scale', 'statefulset/mlflow-object-store', `--replicas=${replicas}`]);
  await scale(0);
  await until('the store is away', 60, async () => (await podOf('object-store')).name === '');
  await pause(seconds);
  await scale(1);
  await allReady();
}

/** More than /tmp may hold: the kubelet ends the pod, and another one takes its place. */
async function fillTemporary(): Promise<void> {
  const { name } = await podOf('server');
  const code = "f = open('/tmp/filled', 'wb')\nfor _ in range(300): f.write(bytes(2**20))";
  await inServer(['python', '-c', code], { pod: name });
  await until('the pod is ended', 180, async () => {
    const phase = await kubectl([
      '-n',
      'mlflow',
      'get',
      'pod',
      name,
      '--ignore-not-found',
      '-o',
      'jsonpath={.status.phase}',
    ]);
    return phase !== 'Running';
  });
  await allReady();
}

/** Seconds from the moment when the node goes until a client is answered from the database again. */
async function nodeRestarts(): Promise<number> {
  const env = await login();
  const code = [
    'import os, requests',
    "given = (os.environ['MLFLOW_TRACKING_USERNAME'], os.environ['MLFLOW_TRACKING_PASSWORD'])",
    "path = os.environ['MLFLOW_TRACKING_URI'] + '/api/2.0/mlflow/experiments/get?experiment_id=0'",
    'try: print(requests.get(path, auth=given, timeout=5).status_code)',
    'except requests.RequestException: print(0)',
  ].join('\n');
  const began = Date.now();
  await lab('down', [], { seconds: 120 });
  await lab('up', [], { seconds: 180 });
  await until(
    'a client is answered',
    300,
    async () => {
      return (await lab('exec', [clientPython('3.18.0'), '-c', code], { env })).trim() === '200';
    },
    SHORT_PAUSE,
  );
  return (Date.now() - began) / 1000;
}

const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

function rowOf(what: string, seen: Seen): string {
  const plain = [seen.read, seen.write];
  const sum = (kinds: readonly Kind[], key: 'ok' | 'failed') => kinds.reduce((total, kind) => total + kind[key], 0);
  const longest = Math.max(...plain.map((kind) => kind.longest));
  return row(
    what,
    sum(plain, 'ok'),
    sum(plain, 'failed'),
    `${longest} s`,
    `${seen.file.ok} / ${seen.file.failed}`,
    `${seen.file.longest} s`,
    `${seen.client.ok} / ${seen.client.failed}`,
  );
}

describe.each(releases)('MLflow %s loses nothing that it acknowledged', (release) => {
  const notes = join(folder, `journal-${release}`);
  const rows: string[] = [];

  beforeAll(async () => {
    await removeNamespaces(['mlflow']);
    const server = 'server: { replicas: 2, rollout: RollingUpdate, temporaryStorage: 256Mi }\n';
    await apply(await synthesizeVariant('chaos', imageLine(release) + server, 'quickstart'));
    await allReady();
  });

  afterAll(() => {
    const head = ['what breaks', 'answered', 'failed', 'longest', 'files', 'longest', "MLflow's own client"];
    console.log([`MLflow ${release}`, row(...head), row(...head.map(() => '---')), ...rows].join('\n'));
  });

  const disturbances: readonly (readonly [string, () => Promise<void>])[] = [
    ['nothing', async () => undefined],
    ['the processes of one server pod are killed', () => crash('server')],
    ['one server pod is removed by force', () => replace('server')],
    ['PostgreSQL is restarted', restartDatabase],
    ['S3 is away for 30 s', () => storeAway(30)],
    ['/tmp of one server pod is full', fillTemporary],
  ];

  it.each(disturbances)('when this happens: %s', async (what, task) => {
    const seen = await underClient(notes, async () => {
      await task();
      await allReady();
    });
    rows.push(rowOf(what, seen));
    console.log(`${release}, ${what}: ${JSON.stringify(seen)}`);
    // Five a second and more.
    expect(seen.read.ok + seen.write.ok).toBeGreaterThan(200);
  });

  it('when the node is stopped and started', async () => {
    const seconds = await nodeRestarts();
    await allReady();
    rows.push(row('the node is stopped and started', '', '', `${seconds.toFixed(0)} s`, '', '', ''));
  });

  it('and all of it exists afterwards', async () => {
    const verified = lastJson<{ acknowledged: number; missing: number; examples: unknown[] }>(
      await python('verify', notes),
    );
    rows.push(`\n${verified.acknowledged} writes were acknowledged, ${verified.missing} of them are missing.`);
    expect(verified).toMatchObject({ missing: 0, examples: [] });
    expect(verified.acknowledged).toBeGreaterThan(200);
  });
});
