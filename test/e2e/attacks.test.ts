import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttackedServer } from './attacked-server';
import { removeVariants } from './homelab';
import { clientPython, type LabRelease, lab, lastJson, program } from './lab';

/**
 * What clients without a login, in pods beside the server, can do to it and to its other clients: `npm run test:attacks`
 * prints the rows of docs/reliability.md. The quickstart with metrics, on the newest and the oldest release
 * (MLFLOW_ATTACK_RELEASES names others; MLFLOW_ATTACK_SECONDS is how long each attack lasts).
 */

const releases = (process.env.MLFLOW_ATTACK_RELEASES ?? '3.18.0,3.1.0').split(',') as LabRelease[];
const SECONDS = Number(process.env.MLFLOW_ATTACK_SECONDS ?? 10);
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-attacks-'));

/** Each attack of test/e2e/programs/attack.py, with what the table calls it. */
const attacks = [
  ['bodies', 'bodies of 400 MiB, six at once'],
  ['methods', 'invented methods and paths'],
  ['tries', 'wrong passwords, one a second'],
  ['guesses', 'wrong passwords, 32 connections'],
  ['headers', '60 half-sent headers, 200 idle connections'],
  ['slow_bodies', '86 bodies that come byte by byte'],
  ['readers', '200 large files that are not read'],
  ['logins', 'malformed logins'],
  ['scrapers', '300 idle connections to the metrics'],
] as const;

type Seen = readonly (readonly [began: number, milliseconds: number, error: string])[];
interface Beside {
  readonly client: Seen;
  readonly scraper: Seen;
}

const pause = (seconds: number) => new Promise((next) => setTimeout(next, seconds * 1000));
const row = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

/** The 95th percentile and the failures of what began in a span of time. */
function measure(seen: Seen, from: number, to: number) {
  const within = seen.filter(([began]) => began >= from && began <= to);
  const times = within.map(([, milliseconds]) => milliseconds).sort((a, b) => a - b);
  const failures = within.map(([, , error]) => error).filter(Boolean);
  return { requests: times.length, p95: Math.round(times[Math.floor(times.length * 0.95)] ?? Number.NaN), failures };
}

afterAll(() => {
  rmSync(folder, { recursive: true });
  removeVariants();
});

describe.each(releases)('MLflow %s, attacked', (release) => {
  const server = new AttackedServer(release);
  const rows: string[] = [];

  beforeAll(async () => {
    await server.start();
    // The series of the client, and a connection of each kind.
    await underClient(() => pause(1));
  });

  afterAll(async () => {
    const head = [
      'attack',
      'p95 before',
      'p95 meanwhile',
      'failed',
      'scrape before',
      'meanwhile',
      'restarts',
      'answers',
    ];
    console.log([`MLflow ${release}`, row(...head), row(...head.map(() => '---')), ...rows].join('\n'));
    await server.stop();
  });

  /** Something while a client and a scraper ask, which they do for some time before it, too. */
  async function underClient<T>(task: () => Promise<T>): Promise<{ readonly given: T; readonly seen: Beside }> {
    const stop = join(folder, `stop-${Date.now()}`);
    const argv = [clientPython('3.18.0'), program('legitimate.py'), stop];
    const seen = lab('exec', argv, { env: await server.login(), seconds: 300 });
    // A failure of the task comes first.
    seen.catch(() => undefined);
    try {
      await pause(SECONDS);
      const given = await task();
      writeFileSync(stop, '');
      return { given, seen: lastJson<Beside>(await seen) };
    } finally {
      writeFileSync(stop, '');
    }
  }

  it.each(attacks)('serves its clients, and keeps nothing of it: %s', async (name, what) => {
    // Once, so that all series exist that a fixed set of labels can have.
    if (name !== 'tries') await server.attack(name, 0);
    const before = await server.state();
    const { given: attack, seen } = await underClient(() => server.attack(name, SECONDS));
    const after = await server.state();
    const [quiet, meanwhile] = [[0, attack.began] as const, [attack.began, attack.ended] as const].map((span) => ({
      client: measure(seen.client, ...span),
      scraper: measure(seen.scraper, ...span),
    }));
    const restarts = Object.values(after.restarts).reduce((sum, each) => sum + each, 0);
    const answers = Object.entries({ ...attack.answers, ...attack.medians }).map((each) => each.join(': '));
    const failures = [...(meanwhile?.client.failures ?? []), ...(meanwhile?.scraper.failures ?? [])];
    rows.push(
      row(
        what,
        `${quiet?.client.p95} ms`,
        `${meanwhile?.client.p95} ms`,
        `${meanwhile?.client.failures.length} of ${meanwhile?.client.requests}`,
        `${quiet?.scraper.p95} ms`,
        `${meanwhile?.scraper.p95} ms`,
        restarts,
        answers.join(', '),
      ),
    );
    console.log(`${release}: ${rows.at(-1)} ${JSON.stringify(failures)}`);
    expect({ ...after, series: after.series.length }).toEqual({ ...before, ready: true, series: before.series.length });
    expect(after.series).toEqual(before.series);
    expect(failures).toEqual([]);
    expect(meanwhile?.client.requests).toBeGreaterThan(SECONDS);
    expect(meanwhile?.client.p95).toBeLessThan(1000);
    // 503: the server holds as much as it may.
    expect(Object.keys(attack.answers).filter((answer) => /^5/.test(answer) && answer !== '503')).toEqual([]);
    if (name === 'tries') expect(ratio(attack.medians)).toBeLessThan(2);
  });

  it('does not execute what is in its writable folder', async () => {
    const names = ['httptools', 'uvloop', 'sitecustomize', 'usercustomize', 'gunicorn', 'mlflow', 'server'];
    const trap = `import pathlib; pathlib.Path('/tmp/executed').touch()`;
    await server.run(
      'server',
      `import pathlib\nfor name in ${JSON.stringify(names)}: pathlib.Path(f'/tmp/{name}.py').write_text(${JSON.stringify(trap)})`,
    );
    const executed = (code = '') => server.run('server', `${code}\nimport os; print(os.path.exists('/tmp/executed'))`);
    // The trap works.
    expect(await executed(`import sys; sys.path.insert(0, '/tmp'); import httptools`)).toBe('True\n');
    expect(await executed(`import os; os.remove('/tmp/executed')`)).toBe('False\n');
    await server.restart();
    expect(await executed()).toBe('False\n');
    expect(await server.run('server', `import os; print(os.path.exists('/tmp/httptools.py'))`)).toBe('True\n');
  });
});

/** How many times as long one of two medians is. */
const ratio = (medians: Readonly<Record<string, number>>) =>
  Math.max(...Object.values(medians)) / Math.min(...Object.values(medians));
