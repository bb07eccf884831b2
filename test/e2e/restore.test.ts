import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply, removeVariants, synthesizeVariant } from './homelab';
import {
  clientPython,
  IMAGE,
  imageLine,
  kubectl,
  LAB,
  type LabRelease,
  lab,
  lastJson,
  program,
  ROOT,
  removeNamespaces,
  SHORT_PAUSE,
  tryKubectl,
  tryRun,
  until,
} from './lab';
import { pythonInPod } from './pods';
import { allReady, killProcesses, login, psql, secrets } from './quickstart';

/**
 * `docs/back-up-and-restore.md` done by its own commands, with everything lost in between: the environment `quickstart` with backups on
 * a claim. With MLFLOW_TEST_RESTORE=3.1.0 or 3.18.0 of that release, in a bucket too,
 * and with the pod of a backup killed while it dumps.
 */

afterEach(async () => {
  await removeNamespaces(['mlflow']);
  removeVariants();
});

const PAGE = readFileSync(join(ROOT, 'docs', 'back-up-and-restore.md'), 'utf8');

/** The commands of the page that have this in them, as they stand there. */
function commands(holding: string): string {
  const blocks = [...PAGE.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, text = '']) => text);
  const [block, other] = blocks.filter((text) => text.includes(holding));
  if (block === undefined || other !== undefined) throw new Error(`not one block of commands with ${holding}`);
  return block;
}

async function follow(holding: string): Promise<string> {
  const { code, stdout, stderr } = await tryRun(
    join(LAB, 'cluster', 'exec'),
    ['bash', '-euo', 'pipefail', '-c', commands(holding)],
    { seconds: 400 },
  );
  if (code === 0) return stdout;
  const jobs = await kubectl(['-n', 'mlflow', 'describe', 'pods', '-l', 'app.kubernetes.io/component=backup']);
  throw new Error(`${holding} ended with ${code}:\n${stdout}${stderr}\n${jobs.slice(-6000)}`);
}

/** The environment with backups in one kind of place. */
const variant = (release: LabRelease, place: 'claim' | 's3') => {
  const destination =
    place === 'claim'
      ? 'claim: { size: 1Gi }'
      : [
          's3:',
          '      bucket: copies',
          '      endpoint: http://mlflow-object-store:7070',
          '      addressingStyle: path',
          '      credentials: { secret: mlflow-s3-secret }',
        ].join('\n');
  return synthesizeVariant(
    `restore-${place}`,
    `${imageLine(release)}auth:
  defaultPermission: NO_PERMISSIONS
  users:
    - { name: reader, permission: READ }
    - { name: writer, permission: EDIT }
backup:
  destination:
    ${destination}
  artifacts: true
`,
    'quickstart',
  );
};

/** Everything that the server holds, and what the two users may do, by a real client. */
async function contents(release: LabRelease, mode: 'fill' | 'read'): Promise<unknown> {
  const made = await secrets();
  const password = (name: string) =>
    Buffer.from(made[`mlflow-user-${name}`]?.MLFLOW_TRACKING_PASSWORD ?? '', 'base64').toString();
  const logins = ['reader', 'writer'].map((name) => `${name}=${password(name)}`);
  const said = await lab('exec', [clientPython(release), program('contents.py'), mode, ...logins], {
    env: await login(),
    seconds: 300,
  });
  return lastJson(said.replace(/^RESULT /m, ''));
}

/** A pod with the store's key and the labels of a backup, which the policies let to the store. */
const inStore = (code: string) =>
  pythonInPod(
    {
      namespace: 'mlflow',
      name: 'in-store',
      image: IMAGE['3.18.0'],
      labels: {
        'app.kubernetes.io/name': 'mlflow',
        'app.kubernetes.io/instance': 'mlflow',
        'app.kubernetes.io/component': 'backup',
      },
      env: [
        { name: 'AWS_DEFAULT_REGION', value: 'us-east-1' },
        ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'].map((key) => ({
          name: key,
          valueFrom: { secretKeyRef: { name: 'mlflow-s3-secret', key } },
        })),
      ],
    },
    `import boto3\ns3 = boto3.client("s3", endpoint_url="http://mlflow-object-store:7070")\n${code}`,
  );

/** No database and no artifact is left. */
async function loseEverything(): Promise<void> {
  for (const name of ['mlflow', 'mlflow_auth']) await psql(`DROP DATABASE ${name} WITH (FORCE);`);
  const left = await inStore(
    [
      'for page in s3.get_paginator("list_objects_v2").paginate(Bucket="mlflow-artifacts"):',
      '    for each in page.get("Contents", ()):',
      '        s3.delete_object(Bucket="mlflow-artifacts", Key=each["Key"])',
      'print(s3.list_objects_v2(Bucket="mlflow-artifacts")["KeyCount"])',
    ].join('\n'),
  );
  expect(left.trim()).toBe('0');
}

/** Starts a backup of more than a moment, kills its pod while a dump is written, and lets no other try follow. */
async function killBackupInDump(): Promise<void> {
  await psql(`\\c mlflow
CREATE TABLE filler AS SELECT md5(random()::text) || md5(random()::text) AS line FROM generate_series(1, 4000000);
SELECT format('ALTER TABLE filler OWNER TO %I', pg_get_userbyid(datdba)) FROM pg_database WHERE datname = 'mlflow' \\gexec
`);
  const job = ['-n', 'mlflow', 'create', 'job', '--from=cronjob/mlflow-backup', 'killed-backup'];
  await kubectl(job);
  let pod = '';
  await until(
    'a dump is being written',
    120,
    async () => {
      pod = (await kubectl(['-n', 'mlflow', 'get', 'pods', '-l', 'job-name=killed-backup', '-o', 'name'])).trim();
      const look = 'find / -name tracking.dump -size +1000k 2>/dev/null';
      const found = await tryKubectl(['-n', 'mlflow', 'exec', pod, '-c', 'postgresql-client', '--', 'sh', '-c', look]);
      return pod !== '' && found.stdout.includes('tracking.dump');
    },
    SHORT_PAUSE,
  );
  killProcesses(await kubectl(['-n', 'mlflow', 'get', pod, '-o', 'jsonpath={.metadata.uid}']));
  await kubectl(['-n', 'mlflow', 'delete', 'job', 'killed-backup']);
  await until('its connections are gone', 60, async () => {
    const dumps = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump'";
    return (await psql(`\\t\n${dumps};`)).trim() === '0';
  });
  await psql('\\c mlflow\nDROP TABLE filler;');
}

const asked = process.env.MLFLOW_TEST_RESTORE;
const releases: readonly LabRelease[] = [asked === '3.1.0' ? '3.1.0' : '3.18.0'];
const places = asked ? (['claim', 's3'] as const) : (['claim'] as const);

it.each(releases)('MLflow %s is restored by the commands of the page', async (release) => {
  await removeNamespaces(['mlflow']);
  await apply(await variant(release, 'claim'));
  await allReady();
  const before = await contents(release, 'fill');
  await inStore('s3.create_bucket(Bucket="copies")');
  for (const place of places) {
    const began = Date.now();
    await apply(await variant(release, place));
    expect(await follow('backup-by-hand')).toMatch(/backup: backup \S+ is complete: 2 databases/);
    if (asked) await killBackupInDump();
    await follow('scale deployment mlflow --replicas=0');
    await loseEverything();
    expect(await follow('list-backups')).toContain('1 complete backups');
    const said = await follow('restore-by-hand --dry-run');
    expect(said).toContain('artifacts: 18 of 18 objects put into');
    expect(said).toMatch(/done: \S+ is restored/);
    await follow('scale deployment mlflow --replicas=1');
    expect(await contents(release, 'read')).toEqual(before);
    if (asked && place === 'claim') {
      // What the killed one left was passed over, though it is the newest, and goes with the next.
      expect(await follow('backup-by-hand')).toMatch(/removed \S+, which was never completed/);
    }
    console.log(`${release}, ${place}: lost and restored in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  }
  const events = await kubectl(['-n', 'mlflow', 'get', 'events', '-o', 'jsonpath={..message}']);
  expect(events).not.toContain('violates PodSecurity');
});
