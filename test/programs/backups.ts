import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Backup } from '../../lib/components/backup/resolve';
import { backupVariables, postgresqlClientVariables, restoreVariables } from '../../lib/components/backup/variables';
import { serverVariables, verificationVariables } from '../../lib/components/backup/verification/variables';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Variable } from '../../lib/kubernetes/variables';
import type { Lab, Prepared } from './lab';
import { here, imageOf } from './pod-variables';
import { asPostgres, isRoot, programs as postgresqlPrograms } from './postgres';
import { type Environment, run, Service } from './process';
import { programPath, python } from './tools';

/** The programs of the Jobs. */
type Program = 'backup' | 'restore' | 'verification';

/** The variables of both containers of each. */
const VARIABLES: Readonly<
  Record<Program, (environment: ResolvedEnvironment, backup: Backup) => Record<'program' | 'client', Variable[]>>
> = {
  backup: (environment, backup) => ({
    program: backupVariables(environment, backup),
    client: postgresqlClientVariables(environment),
  }),
  restore: (environment, backup) => ({
    program: restoreVariables(environment, backup),
    client: postgresqlClientVariables(environment),
  }),
  verification: (environment, backup) => {
    if (!backup.verification) throw new Error('the environment verifies no backup');
    return { program: verificationVariables(environment, backup, backup.verification), client: serverVariables() };
  },
};

/** How a Job is run here: what a person changes, and programs in place of PostgreSQL's. */
export interface JobOptions {
  readonly changes?: Environment;
  /** Whether the container with PostgreSQL's programs runs. */
  readonly client?: boolean;
  /** Where its containers meet. @default a new folder */
  readonly work?: string;
  /** Shell scripts by the name of the program that they stand in for; `$REAL` is its path. */
  readonly wrappers?: Readonly<Record<string, string>>;
}

/** A pod of a backup or a restore: both of its containers, with exactly the variables that are synthesized for them. */
export class BackupPod {
  readonly service: Service;
  /** Where the two meet. */
  readonly work: string;
  private readonly client: Service | undefined;
  private readonly log: string;
  private readonly env: Record<string, string | undefined>;

  constructor(
    lab: Lab,
    environment: ResolvedEnvironment,
    program: Program,
    folder: string,
    { changes = {}, wrappers = {}, client = true, work }: JobOptions = {},
  ) {
    const backup = backupOf(environment);
    this.work = work ?? lab.path('work');
    mkdirSync(this.work, { recursive: true });
    this.log = lab.path('termination-log');
    writeFileSync(this.log, '');
    const prefix = backup.destination.prefix;
    const paths = {
      BACKUP_WORK: this.work,
      ...(backup.destination.claim ? { BACKUP_FOLDER: join(folder, prefix) } : {}),
      BACKUP_LOGIN_GRACE: '0',
      BACKUP_TIMEOUT: '60',
      PREPARE_TERMINATION_LOG: this.log,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const variables = VARIABLES[program](environment, backup);
    this.env = { ...here(lab, environment, variables.program, ''), ...paths, ...changes };
    const place = wrapped(lab, wrappers);
    const ofClient = here(lab, environment, variables.client, '');
    const isServer = program === 'verification';
    // PostgreSQL refuses root, so its container has another user here, whom the volumes of a pod would let read.
    if (isServer && isRoot()) {
      const { uid, gid } = statSync(join(lab.folder, 'postgres'));
      chownSync(this.work, uid, gid);
      if (existsSync(folder)) makeReadable(folder);
    }
    if (client) {
      this.client = lab.keep(
        new Service([...(isServer && isRoot() ? asPostgres : []), 'sh', programPath('backup/postgresql_client.sh')], {
          ...ofClient,
          BACKUP_WORK: this.work,
          ...(isServer ? { PGHOST: this.work } : {}),
          PATH: `${place}:${postgresqlPrograms()}:${process.env.PATH}`,
        }),
      );
    }
    this.service = lab.keep(new Service([python(imageOf(environment)), '-m', program], this.env));
  }

  /** What it ended with, and what it said; no secret may be in that, nor may the other container live on. */
  async end(): Promise<Prepared> {
    await this.service.end(120_000);
    await this.client?.end(10_000);
    const message = readFileSync(this.log, 'utf8');
    const said = [this.service.output, this.client?.output, message].join('\n');
    for (const [name, value] of Object.entries(this.env)) {
      if (/PASSWORD|SECRET/.test(name) && value && said.includes(value)) {
        throw new Error(`the output holds the value of ${name}:\n${said}`);
      }
    }
    return { code: this.service.exitCode, stdout: this.service.output, stderr: this.client?.output ?? '', message };
  }
}

/** Runs a backup or a restore to its end. */
export async function runJob(
  lab: Lab,
  environment: ResolvedEnvironment,
  program: Program,
  folder: string,
  options: JobOptions = {},
): Promise<Prepared> {
  return new BackupPod(lab, environment, program, folder, options).end();
}

/** The same where it must work. */
export async function mustRun(...given: Parameters<typeof runJob>): Promise<string> {
  const { code, stdout, stderr, message } = await runJob(...given);
  if (code !== 0) throw new Error(`${given[2]} ended with ${code}: ${message}\n${stdout}${stderr}`);
  return stdout;
}

function makeReadable(path: string): void {
  chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) makeReadable(join(path, name));
}

function backupOf({ backup }: ResolvedEnvironment): Backup {
  if (!backup) throw new Error('the environment has no backup');
  return backup;
}

function wrapped(lab: Lab, wrappers: Readonly<Record<string, string>>): string {
  const place = lab.path('bin');
  mkdirSync(place);
  for (const [name, text] of Object.entries(wrappers)) {
    writeFileSync(join(place, name), `#!/bin/sh\nREAL='${join(postgresqlPrograms(), name)}'\n${text}\n`);
    chmodSync(join(place, name), 0o755);
  }
  return place;
}

/** Removes everything from a bucket, and makes one that is missing. */
export async function emptyBucket(lab: Lab, bucket: string): Promise<void> {
  const program = `
import os, sys, boto3
s3 = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
try:
    s3.create_bucket(Bucket=sys.argv[1])
except s3.exceptions.ClientError:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=sys.argv[1]):
        for each in page.get("Contents", ()):
            s3.delete_object(Bucket=sys.argv[1], Key=each["Key"])
`;
  const { code, stderr } = await run([python('3.18.0'), '-c', program, bucket], lab.env('3.18.0'));
  if (code !== 0) throw new Error(stderr);
}

/** Uploads an object: a body, so many times. */
export async function putObject(lab: Lab, bucket: string, key: string, body: string, times = 1): Promise<void> {
  const program = `
import os, sys, boto3
bucket, key, body, times = sys.argv[1:]
store = boto3.client("s3", endpoint_url=os.environ["MLFLOW_S3_ENDPOINT_URL"])
store.put_object(Bucket=bucket, Key=key, Body=body.encode() * int(times))
`;
  const { code, stderr } = await run(
    [python('3.18.0'), '-c', program, bucket, key, body, `${times}`],
    lab.env('3.18.0'),
  );
  if (code !== 0) throw new Error(stderr);
}
