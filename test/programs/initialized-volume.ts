import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from './postgres';
import { type Role, Volume } from './volume';

export const mlflow: Role = { user: 'mlflow', password: 'first p@ss:w/o%rd' };

/** What a login over the network comes to. */
export const accepted = (user: string) => ({ code: 0, stdout: `${user}\n`, stderr: '' });
export const refused = { code: 2, stdout: '', stderr: expect.stringContaining('password authentication failed') };

/** What the program says at its end. */
export const ready = expect.stringMatching(
  /^initialize: PostgreSQL \d+ is ready to start, and MLflow's role is as its Secret says\n$/,
);

/** Volumes for the tests of a file, each removed after its test. */
export function useVolumes(): { empty(): Promise<Volume>; copy(): Promise<Volume> } {
  let volumes: Volume[] = [];
  let prepared: Volume;
  const keep = (volume: Volume): Volume => {
    volumes.push(volume);
    return volume;
  };
  beforeAll(async () => {
    prepared = await Volume.make();
    const { stdout } = await prepared.initialized(mlflow);
    expect(stdout.split('\n')).toEqual([
      'initialize: creating a data directory',
      expect.stringContaining('is ready'),
      '',
    ]);
  });
  afterEach(async () => {
    await Promise.all(volumes.map((volume) => volume.remove()));
    volumes = [];
  });
  afterAll(async () => {
    await prepared?.remove();
  });
  return { empty: async () => keep(await Volume.make()), copy: async () => keep(await prepared.copy()) };
}

/** The data directory is complete, and MLflow's role can do what it must, and no more. */
export async function expectWhole(volume: Volume, { user, password }: Role): Promise<void> {
  expect(existsSync(`${volume.data}.new`)).toBe(false);
  expect(await volume.offline('pg_checksums', '--check')).toMatch(/Bad checksums: +0\n/);
  expect(
    readFileSync(join(volume.data, 'pg_hba.conf'), 'utf8').match(/^host all all all scram-sha-256$/gm),
  ).toHaveLength(1);
  await volume.served(async () => {
    expect(await volume.ask(user, password, 'SELECT current_user')).toEqual(accepted(user));
    expect(await volume.ask(user, `${password} `, 'SELECT 1')).toMatchObject(refused);
    expect(await volume.ask(user, password, 'CREATE DATABASE whole')).toMatchObject({ code: 0 });
    const rights = 'rolcreatedb, rolsuper, rolcreaterole, rolreplication, rolbypassrls';
    const known = await volume.command(
      `SELECT rolname = ${literal(user)}, ${rights} FROM pg_roles WHERE rolcanlogin ORDER BY 1`,
    );
    expect(known.split('\n')).toEqual(['f|t|t|t|t|t', 't|t|f|f|f|f']);
  });
}
