import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import { emptyBucket, type JobOptions, mustRun, putObject, runJob } from './backups';
import { Lab, type Prepared } from './lab';
import { labEnvironment, prepareRendered } from './rendered-server';

export const newest = '3.18.0';

/** Databases and a bucket with one artifact, called `failures`, of which backups go into claims or another bucket. */
export class BackedUp {
  private constructor(
    readonly lab: Lab,
    /** Backups go into a claim, with artifacts; two of them are kept. */
    readonly claim: ResolvedEnvironment,
    /** Backups go into a bucket, without artifacts. */
    readonly bucket: ResolvedEnvironment,
  ) {}

  static async prepare(): Promise<BackedUp> {
    const lab = await Lab.start();
    const copies = { bucket: 'copies', endpoint: lab.store.url, addressingStyle: 'path' as const };
    const claim = { destination: { claim: {} }, artifacts: true, retention: { count: 2 }, verification: {} };
    const setting = new BackedUp(
      lab,
      labEnvironment(lab, newest, 'failures', { backup: claim }),
      labEnvironment(lab, newest, 'failures', { backup: { destination: { s3: copies }, verification: {} } }),
    );
    const { code, stderr } = await prepareRendered(lab, setting.claim);
    if (code !== 0) throw new Error(stderr);
    await emptyBucket(lab, 'copies');
    await setting.putArtifact();
    return setting;
  }

  /** An environment with backups into a claim. */
  environment(version: string, name: string, more: EnvironmentInput): ResolvedEnvironment {
    return labEnvironment(this.lab, version, name, { backup: { destination: { claim: {} } }, ...more });
  }

  putArtifact(key = 'a/model.bin', body = 'x'.repeat(100), times = 1): Promise<void> {
    return putObject(this.lab, 'failures', key, body, times);
  }

  removeArtifacts(): Promise<void> {
    return emptyBucket(this.lab, 'failures');
  }

  backup(on: Claim, options: JobOptions = {}, of = this.claim): Promise<Prepared> {
    return runJob(this.lab, of, 'backup', on.folder, options);
  }

  /** What a backup says that must succeed. */
  mustBackUp(on: Claim, changes: Readonly<Record<string, string>> = {}, of = this.claim): Promise<string> {
    return mustRun(this.lab, of, 'backup', on.folder, { changes });
  }

  restore(
    on: Claim,
    changes: Readonly<Record<string, string>> = {},
    of = this.claim,
    more: JobOptions = {},
  ): Promise<Prepared> {
    const all = { OVERWRITE: 'true', BACKUP_TIMEOUT: '2', ...changes };
    return runJob(this.lab, of, 'restore', on.folder, { ...more, changes: all });
  }

  verify(on: Claim, options: JobOptions = {}, of = this.claim): Promise<Prepared> {
    return runJob(this.lab, of, 'verification', on.folder, options);
  }

  newClaim(): Claim {
    return new Claim(this.lab.path('claim'));
  }
}

/** A folder for a claim, and what is in it. */
export class Claim {
  readonly path: string;

  constructor(readonly folder: string) {
    this.path = join(folder, 'mlflow');
  }

  /** All folders of backups, complete or not. */
  names(): string[] {
    return existsSync(this.path)
      ? readdirSync(this.path)
          .filter((name) => name !== 'artifacts')
          .sort()
      : [];
  }

  file(name: string, file: string): string {
    return join(this.path, name, file);
  }
}

/** Expects a Job to fail with a code, and to say something of it. */
export async function expectFailure(job: Promise<Prepared>, code: number, ...said: readonly string[]): Promise<void> {
  const result = await job;
  expect(result).toMatchObject({ code });
  for (const text of said) expect(result.message).toContain(text);
}
